#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "pack_embedding.hpp"

namespace weir::cli {

struct IndexCommand {
  std::string folder;
  std::string output;
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  std::string repository;   ///< host/owner/name; else told from .git, or the folder's name
  std::string commit;       ///< else told from .git
  std::uint64_t time = 0;   ///< the commit's, in seconds since 1970; else SOURCE_DATE_EPOCH
  bool forward = true;      ///< refresh what is there already, and leave behind what that takes
  std::size_t threads = 0;  ///< 0: as many as the machine runs at once
  bool report = false;      ///< name what was left out or converted, file by file
  EmbedSettings embed;
};

/// Makes a pack; progress and summary go to `errors`. Where embedding it costs something, `input`
/// is asked.
int run_index(const IndexCommand& command, std::istream& input, std::ostream& errors);

}  // namespace weir::cli
