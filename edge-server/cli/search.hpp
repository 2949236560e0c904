#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "question_embedder.hpp"

namespace weir::cli {

struct SearchCommand {
  std::vector<std::string> arguments;  ///< packs, then the question's words
  std::size_t limit = 10;
  bool json = false;
  bool batch = false;
  QuestionSettings questions;
};

/// Asks packs, the first argument and those behind it that end in .weir, one question, or with
/// `batch` the questions of `input`, one JSON object a line.
int run_search(const SearchCommand& command, std::istream& input, std::ostream& output,
               std::ostream& errors);

}  // namespace weir::cli
