#pragma once

#include <filesystem>
#include <string>

namespace weir::cli {

/// What .git says of a folder; empty where it says nothing.
struct GitState {
  std::string commit;
  std::string repository;  ///< host/owner/name of the remote `origin`; no secret of its address
};
GitState read_git(const std::filesystem::path& folder);

}  // namespace weir::cli
