#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "weir/text/globs.hpp"

namespace weir::cli {

/// What .git says of a folder; empty where it says nothing.
struct GitState {
  std::string commit;
  std::string name;  ///< owner/name of the remote `origin`
};
GitState read_git(const std::filesystem::path& folder);

/// Calls `visit(path, size)` for each regular file beneath `root`, the path relative to it with '/'
/// between parts, in the order of the names. Follows no symbolic link, so that it never leaves the
/// folder; leaves out what `excluded` or any .gitignore on the way matches. Unreadable folders are
/// passed over.
void walk(const std::filesystem::path& root, const text::Globs& excluded,
          const std::function<void(const std::string& path, std::uintmax_t size)>& visit);

}  // namespace weir::cli
