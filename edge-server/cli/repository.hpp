#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "weir/retrieval/intake.hpp"

namespace weir::cli {

/// What .git says of a folder; empty where it says nothing.
struct GitState {
  std::string commit;
  std::string name;  ///< owner/name of the remote `origin`
};
GitState read_git(const std::filesystem::path& folder);

/// Offers `intake` every file beneath `root`, in the order of the names, with each folder's
/// .gitignore first. Follows no symbolic link, so that it never leaves the folder; unreadable
/// folders are passed over. `visited` is called after each file that was read.
void take_in(const std::filesystem::path& root, retrieval::Intake& intake,
             const std::function<void()>& visited);

}  // namespace weir::cli
