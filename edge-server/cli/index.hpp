#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace weir::cli {

struct IndexCommand {
  std::string folder;
  std::string output;
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  std::string repository;
  bool report = false;  ///< name what was left out or converted, file by file
};

/// Makes a pack; progress and summary go to `errors`.
int run_index(const IndexCommand& command, std::ostream& errors);

}  // namespace weir::cli
