#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weir/provider/call.hpp"

namespace weir::provider {

/// The Gemini API (https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent)
/// with `alt=sse`: a stream of GenerateContentResponse objects.
HttpRequest google_request(const Call& call);

/// A model's resource name, as paths have it: "models/gemini-2.5-flash".
std::string google_resource(std::string_view id);

std::unique_ptr<StreamCodec> google_codec(const Call& call);

}  // namespace weir::provider
