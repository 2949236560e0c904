#pragma once

#include <string_view>
#include <vector>

#include "weir/json/json.hpp"
#include "weir/provider/provider_errors.hpp"

namespace weir::provider {

/// What an error response means: by its status, and by the code of its body
/// {"error":{message,type,param,code}}
/// (https://platform.openai.com/docs/guides/error-codes/api-errors). ErrorContext::own_cause is
/// asked first.
stream::Failed classify_response(const ErrorContext& context, int status,
                                 const std::vector<Header>& headers, std::string_view body);

/// The same for an error object that came inside a response that had begun with 200. A `code` that
/// is a number is an HTTP status (https://openrouter.ai/docs/api/errors).
stream::Failed classify_error(const ErrorContext& context, const json::Value& error);

}  // namespace weir::provider
