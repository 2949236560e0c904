#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::text {

/// Rules in the manner of .gitignore (https://git-scm.com/docs/gitignore#_pattern_format):
/// `*`, `?` and `[a-z]` stay within one part of a path, `**` spans parts, a slash at the beginning
/// or in the middle anchors the rule to the root, one at the end makes it match folders only, `!`
/// takes back what an earlier rule matched, `\` makes the next character a plain one. The last rule
/// that matches decides, and what lies in a matched folder is matched, whatever later rules say.
///
/// A match takes time proportional to pattern length times path length, at worst.
class Globs {
 public:
  Globs() = default;
  explicit Globs(std::span<const std::string> patterns);

  /// Adds one rule; an empty line or one that begins with `#` is none.
  void add(std::string_view pattern);

  /// Whether a file's path, or a folder that it lies in, is matched. Parts are separated by '/'.
  bool matches(std::string_view path) const;

  /// The same for a folder: a host need not walk into it.
  bool matches_folder(std::string_view path) const;

  /// What the last rule that matches this very path says, whatever it lies in; nothing where none
  /// does.
  std::optional<bool> verdict(std::string_view path, bool folder) const;

  bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    std::vector<std::string> parts;
    bool negated = false;
    bool folders_only = false;
    bool is_name = false;  ///< one plain name, wherever it lies: most rules are

    bool matches(const std::vector<std::string_view>& path) const;
  };

  bool lies_in_match(std::string_view path) const;

  std::vector<Rule> rules_;
};

/// Whether a pattern without slashes matches one part of a path, as a whole.
bool matches_part(std::string_view pattern, std::string_view part);

}  // namespace weir::text
