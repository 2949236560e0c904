#pragma once

#include <memory>

#include "weir/provider/call.hpp"

namespace weir::provider {

/// OpenRouter (https://openrouter.ai/docs/api-reference/overview): the Chat Completions API in
/// front of many providers' models.
HttpRequest openrouter_request(const Call& call);

std::unique_ptr<StreamCodec> openrouter_codec(const Call& call);

}  // namespace weir::provider
