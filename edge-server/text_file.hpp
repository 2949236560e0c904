#pragma once

#include <string>

#include "weir/base/result.hpp"

namespace weir::edge {

/// All of a file that an operator has named; `not_found`, with its path, where it cannot be read.
Result<std::string> read_text_file(const std::string& path);

}  // namespace weir::edge
