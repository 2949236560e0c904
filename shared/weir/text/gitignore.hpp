#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "weir/text/globs.hpp"

namespace weir::text {

/// The .gitignore files of a folder tree (https://git-scm.com/docs/gitignore): the rules of the
/// nearest folder that says anything of a path decide, and what lies in an ignored folder is
/// ignored whatever is said of it. Files may be added in any order, but before what they speak of
/// is asked about.
class GitIgnore {
 public:
  /// The whole text of the file that lies in `folder` ("a/b"; empty: the root).
  void add(std::string_view folder, std::string_view text);

  bool ignores(std::string_view path) const { return ignores(path, false); }
  bool ignores_folder(std::string_view path) const { return ignores(path, true); }

 private:
  bool ignores(std::string_view path, bool folder) const;
  bool ignores_itself(std::string_view path, bool folder) const;

  std::map<std::string, Globs, std::less<>> files_;  ///< by their folders
};

}  // namespace weir::text
