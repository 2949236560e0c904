#pragma once

#include <string_view>
#include <vector>

#include "weir/json/json.hpp"
#include "weir/provider/provider_errors.hpp"

namespace weir::provider {

/// What a refusal means: {"error":{code,message,status,details}}, a google.rpc.Status
/// (https://google.aip.dev/193) with the codes of
/// https://ai.google.dev/gemini-api/docs/troubleshooting.
stream::Failed google_refusal(const ErrorContext& context, int status,
                              const std::vector<Header>& headers, std::string_view body);

/// The same for an error object inside a response that had begun well.
stream::Failed google_error(const ErrorContext& context, const json::Value& error);

/// The prompt was blocked; `reason` is a BlockReason, "PROHIBITED_CONTENT".
stream::Failed google_blocked(const ErrorContext& context, std::string_view reason);

}  // namespace weir::provider
