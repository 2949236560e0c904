#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/time.hpp"

namespace weir::spec {

/// One line a case feeds, and the lines it expects before the next one.
struct Step {
  enum class Kind { input, time };
  Kind kind = Kind::input;
  std::string text;
  Instant at;  ///< Kind::time: from the case's beginning
  std::vector<std::string> expected;
};

struct Case {
  std::string title;
  std::size_t line = 0;  ///< of the heading, from 1
  bool every_split = false;
  std::vector<Step> steps;
};

/// A Markdown file of transcripts (README.md describes the format).
struct Document {
  std::string name;  ///< the file's path, for messages
  std::string subject;
  std::vector<Case> cases;
  std::vector<std::string> problems;  ///< where the file breaks the format
};

Document read_document(std::string name, std::string_view markdown);

}  // namespace weir::spec
