#pragma once

#include <memory>

#include "weir/provider/call.hpp"

namespace weir::provider {

/// Amazon Bedrock's ConverseStream, one interface for all its models
/// (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html). The
/// request is signed where Attempt::digests is set; without a signature it is refused.
HttpRequest bedrock_request(const Call& call);

std::unique_ptr<StreamCodec> bedrock_codec(const Call& call);

}  // namespace weir::provider
