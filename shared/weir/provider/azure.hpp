#pragma once

#include <memory>

#include "weir/provider/call.hpp"

namespace weir::provider {

/// Azure OpenAI (https://learn.microsoft.com/azure/ai-foundry/openai/reference): the Chat
/// Completions API, asked at a deployment, whose name stands where others take a model's.
HttpRequest azure_request(const Call& call);

std::unique_ptr<StreamCodec> azure_codec(const Call& call);

}  // namespace weir::provider
