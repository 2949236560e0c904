#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/json/json.hpp"
#include "weir/provider/provider.hpp"

namespace weir::provider {

/// What the classification may name and must hide.
struct ErrorContext {
  std::string provider;  ///< its name
  std::string model;
  std::string api_key;   ///< never shown
  std::string question;  ///< never shown: some servers quote the request in their errors
};

/// What an error response means: by its status, and by the code of its body
/// {"error":{message,type,param,code}}
/// (https://platform.openai.com/docs/guides/error-codes/api-errors).
stream::Failed classify_response(const ErrorContext& context, int status,
                                 const std::vector<Header>& headers, std::string_view body);

/// The same for an error object that came inside a response that had begun with 200. A `code` that
/// is a number is an HTTP status (https://openrouter.ai/docs/api/errors).
stream::Failed classify_error(const ErrorContext& context, const json::Value& error);

/// How long to wait by `retry-after-ms` or `retry-after` in seconds (RFC 9110, 10.2.3), as OpenAI's
/// own clients read them. A date is passed over: there is no clock here.
std::optional<std::chrono::milliseconds> retry_after(const std::vector<Header>& headers);

}  // namespace weir::provider
