#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace weir::cli {

struct SearchCommand {
  std::string pack;
  std::vector<std::string> query;
  std::size_t limit = 10;
  bool json = false;
  bool batch = false;
};

/// Asks a pack one question, or with `batch` the questions of `input`, one JSON object a line.
int run_search(const SearchCommand& command, std::istream& input, std::ostream& output,
               std::ostream& errors);

}  // namespace weir::cli
