#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/passage.hpp"

namespace weir::prompt {

/// An answer's text to be read apart from its passages.
struct CitedText {
  std::string text;                ///< `[2]` and `[1, 2]` name paths: `[src/a.cpp:10-20]`
  std::vector<std::size_t> cited;  ///< indices of the passages that it cites, in order, each once
};

/// `passages` are numbered from 1, as in the text's citations. Numbers of none, links, and what
/// stands in code stay as they are.
CitedText name_citations(std::string_view text, const std::vector<PassageRef>& passages);

}  // namespace weir::prompt
