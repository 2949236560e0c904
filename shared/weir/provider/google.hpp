#pragma once

#include <memory>

#include "weir/provider/call.hpp"

namespace weir::provider {

/// The Gemini API (https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent)
/// with `alt=sse`: a stream of GenerateContentResponse objects.
HttpRequest google_request(const Call& call);

std::unique_ptr<StreamCodec> google_codec(const Call& call);

}  // namespace weir::provider
