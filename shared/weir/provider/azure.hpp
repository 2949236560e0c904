#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weir/provider/call.hpp"

namespace weir::provider {

/// Azure OpenAI (https://learn.microsoft.com/azure/ai-foundry/openai/reference): the Chat
/// Completions API, asked at a deployment, whose name stands where others take a model's.
HttpRequest azure_request(const Call& call);

/// Where a deployment's interface is, below the base URL; `path`: "/chat/completions".
std::string azure_path(const Provider& azure, std::string_view deployment, std::string_view path);

std::unique_ptr<StreamCodec> azure_codec(const Call& call);

}  // namespace weir::provider
