#pragma once

#include <string_view>

#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/prompt/request.hpp"

namespace weir::wire {

/// A request of OpenAI's chat completions
/// (https://platform.openai.com/docs/api-reference/chat/create). Members that change nothing of an
/// answer (user, metadata, store, service_tier, ...) are passed over, as unknown ones are; one that
/// would change it and cannot be followed (n above 1, logprobs, audio, ...) is an error.
struct CompletionRequest {
  prompt::ChatRequest chat;
  bool streams = false;         ///< stream
  bool includes_usage = false;  ///< stream_options.include_usage
};

/// Reads and validates one; errors as parse_request()'s.
Result<CompletionRequest> read_completion_request(std::string_view json,
                                                  const limits::Request& limits = {});

}  // namespace weir::wire
