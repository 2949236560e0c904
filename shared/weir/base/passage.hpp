#pragma once

#include <cstdint>
#include <string>

namespace weir {

/// Text retrieved from a repository. Lines are counted from 1; both ends are included.
struct Passage {
  std::string path;  ///< relative to the repository's root, with '/' between parts
  std::uint32_t start_line = 0;
  std::uint32_t end_line = 0;
  std::string text;

  friend bool operator==(const Passage&, const Passage&) = default;
};

/// Where a passage lies, without its text.
struct PassageRef {
  std::string path;
  std::uint32_t start_line = 0;
  std::uint32_t end_line = 0;

  friend bool operator==(const PassageRef&, const PassageRef&) = default;
};

inline PassageRef ref(const Passage& passage) {
  return {passage.path, passage.start_line, passage.end_line};
}

}  // namespace weir
