#pragma once

#include <string_view>

#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/prompt/request.hpp"

namespace weir::wire {

/// A request of OpenAI's chat completions
/// (https://platform.openai.com/docs/api-reference/chat/create), as far as the edge follows it: how
/// freely and how long a model answers is the edge's own setting.
struct CompletionRequest {
  prompt::ChatRequest chat;
  bool streams = false;         ///< stream
  bool includes_usage = false;  ///< stream_options.include_usage
};

/// Reads and validates one; errors as parse_request()'s. More than one choice (`n`) is refused.
Result<CompletionRequest> read_completion_request(std::string_view json,
                                                  const limits::Request& limits = {});

}  // namespace weir::wire
