#pragma once

#include <memory>
#include <vector>

#include "weir/provider/call.hpp"

namespace weir::provider {

/// Ollama's own chat API (https://docs.ollama.com/api/chat): one JSON object a line. Unlike its
/// compatible interface it lets the caller say how large the context must be.
HttpRequest ollama_request(const Call& call);

/// Those of every request to it.
std::vector<Header> ollama_headers(const Call& call);

std::unique_ptr<StreamCodec> ollama_codec(const Call& call);

/// The context to ask for, in tokens: room for this prompt and its answer, in steps, so that
/// prompts of about the same size do not make Ollama load its model anew each time.
std::uint32_t ollama_context_tokens(const Model& model, const prompt::Prompt& prompt);

}  // namespace weir::provider
