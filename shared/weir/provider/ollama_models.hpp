#pragma once

#include <memory>

#include "weir/provider/call.hpp"

namespace weir::provider {

/// Asks an Ollama server for the models it has (GET /api/tags,
/// https://docs.ollama.com/api/tags).
HttpRequest ollama_models_request(const Call& call);

/// Reads what it says. The one event is `missing`, the failure that a model is not there, with the
/// names of those that are; where they cannot be read, as it was.
std::unique_ptr<StreamCodec> ollama_models_codec(const Call& call, stream::Failed missing);

}  // namespace weir::provider
