#pragma once

#include <string_view>

#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/prompt/request.hpp"

namespace weir::wire {

/// Reads what a request of OpenAI's chat completions says of tools and of how the answer is to be
/// written, into `out`. `json` was found to be an object.
Result<void> read_completion_settings(std::string_view json, const limits::Request& limits,
                                      prompt::ChatRequest& out);

}  // namespace weir::wire
