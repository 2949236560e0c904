#pragma once

#include <string_view>
#include <vector>

#include "weir/provider/provider_errors.hpp"

namespace weir::provider {

/// What a refusal means: the exception's name is in the header x-amzn-errortype, or in the body
/// {"__type":"...","message":"..."}
/// (https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html).
stream::Failed bedrock_refusal(const ErrorContext& context, int status,
                               const std::vector<Header>& headers, std::string_view body);

/// The same for an exception inside a stream, whose names begin with a small letter there.
stream::Failed bedrock_exception(const ErrorContext& context, std::string_view name,
                                 std::string_view message);

}  // namespace weir::provider
