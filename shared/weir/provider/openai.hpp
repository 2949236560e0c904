#pragma once

#include <memory>

#include "weir/provider/provider.hpp"

namespace weir::provider {

/// The Chat Completions API (https://platform.openai.com/docs/api-reference/chat/create), as
/// OpenAI and compatible servers speak it.
HttpRequest openai_request(const Provider& provider, const Model& model,
                           const prompt::Prompt& prompt);

/// Reads the response: a stream of chat.completion.chunk events, one chat.completion object from
/// servers that ignore `stream`, or an error body.
std::unique_ptr<StreamCodec> openai_codec(const Provider& provider, const Model& model,
                                          const prompt::Prompt& prompt,
                                          const limits::Provider& limits);

}  // namespace weir::provider
