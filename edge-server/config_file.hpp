#pragma once

#include <string_view>

#include "options.hpp"
#include "weir/base/result.hpp"

namespace weir::edge {

/// Puts what a config file's text says into `options`; config.schema.json describes it. The error
/// has a line for each member that is wrong, with its path ("providers.openai.base_url") and what
/// would be right.
Result<void> apply_config(Options& options, std::string_view text);

}  // namespace weir::edge
