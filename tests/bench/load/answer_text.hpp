#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stream/clock.hpp"
#include "stream/histogram.hpp"

namespace weir::bench {

/// One answer's text as its reader puts it together, checked to the character: every record is
/// there, once, in order.
class AnswerText {
 public:
  explicit AnswerText(std::uint64_t answer) : answer_(answer) {}

  /// Takes what has come at a time. The ages of records go into `ages`, where there is one. False:
  /// the text is not the provider's.
  bool take(std::string_view added, Nanoseconds at, Histogram* ages);

  /// Records that have come whole.
  std::uint64_t records() const { return records_; }
  bool ends_with_a_record() const { return unfinished_.empty(); }

 private:
  bool take_record(std::string_view text, Nanoseconds at, Histogram* ages);

  std::uint64_t answer_;
  std::uint64_t records_ = 0;
  std::string unfinished_;
};

}  // namespace weir::bench
