#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/time.hpp"

namespace weir::spec {

/// Cuts the bytes a case feeds into pieces, so that one transcript checks a parser whole, at every
/// split, and byte by byte. Positions count over all bytes of the case.
class Cutter {
 public:
  enum class Mode { whole, once, every_byte };

  explicit Cutter(Mode mode = Mode::whole, std::size_t at = 0) : mode_(mode), at_(at) {}

  /// The pieces of `bytes` to feed one after the other; views into `bytes`.
  std::vector<std::string_view> cut(std::string_view bytes);

  /// How many bytes went through.
  std::size_t seen() const { return seen_; }

 private:
  Mode mode_;
  std::size_t at_;
  std::size_t seen_ = 0;
};

/// What a transcript talks to: a machine or a parser behind lines of text. A fresh one serves each
/// case. What it appends to `out` is compared with the transcript's "< " lines.
class Subject {
 public:
  virtual ~Subject() = default;

  /// One "> " line, without the mark.
  virtual void input(std::string_view line, std::vector<std::string>& out) = 0;

  /// An "@ " line: time goes on to `now`, counted from the case's beginning. A machine gets its
  /// own deadlines on the way.
  virtual void time(Instant now, std::vector<std::string>& out) {
    (void)now;
    out.emplace_back("(this subject knows no time)");
  }
};

}  // namespace weir::spec
