#pragma once

#include "weir/base/result.hpp"
#include "weir/prompt/request.hpp"
#include "weir/provider/provider.hpp"

namespace weir::provider {

/// `invalid_request`, naming the member, where this provider cannot do what a request asks for and
/// the answer would be another without it. What is a hint, or promised by nobody (seed,
/// reasoning_effort, parallel_tool_calls), is left out in silence where there is nothing like it.
Result<void> check_abilities(const Provider& provider, const prompt::ChatRequest& request);

}  // namespace weir::provider
