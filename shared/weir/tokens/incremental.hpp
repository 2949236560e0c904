#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "weir/tokens/encoding.hpp"
#include "weir/tokens/growing_piece.hpp"
#include "weir/tokens/split.hpp"

namespace weir::tokens {

/// Counts a text that arrives in parts, split at any byte, even inside a code point. After any
/// appends total() equals Encoding::count of everything appended.
///
/// An encoding that normalises does so segment by segment (normalizer.hpp); the last one is kept
/// back, since it may go on.
///
/// What is final: a prefix that ends where a settled piece ends (split.hpp), because no later text
/// changes its pieces. Only the tail after it is kept, and the bytes of a code point that has
/// begun.
///
/// What it costs: time in proportion to what is appended, however often total() is asked. The tail
/// of prose and code is a word or a line, and is counted anew each time. Of an endless word or run
/// of spaces, the split and the tokens so far are remembered and only carried on.
/// The exception: each total() normalises the last segment anew, and that is longer than a few
/// bytes only where someone stacks marks without end.
class IncrementalCounter {
 public:
  /// The encoding must outlive the counter.
  explicit IncrementalCounter(const Encoding& encoding) : encoding_(&encoding) {}

  void append(std::string_view bytes);
  std::size_t total() const;
  void reset() { *this = IncrementalCounter(*encoding_); }

 private:
  /// What is remembered of a long piece of the tail.
  struct LongPiece {
    std::size_t begin = 0;
    std::size_t real =
        0;  ///< the tail's size, without what stands in for what is pending, when last counted
    Scan scan;
    GrowingPiece tokens;
  };

  void take(std::string_view bytes);
  void settle();
  std::size_t count_tail() const;
  std::size_t count_long_tail(std::size_t real) const;
  std::size_t count_long_piece(LongPiece& piece, std::size_t real, std::size_t& count) const;

  const Encoding* encoding_;
  mutable std::string tail_;  ///< UTF-8 that begins with an unsettled piece
  std::string pending_;       ///< what is normalised when what follows is known
  std::string carry_;         ///< the beginning of a code point
  std::size_t settled_ = 0;   ///< tokens before the tail
  Scan first_scan_;           ///< of the tail's first piece, for settle()

  mutable std::optional<std::size_t> tail_count_;  ///< of tail and carry, once total() asked

  // An unsettled run is one piece or, where a later character can still join them, two: "ABC" of
  // which the last caseless character ends the first, spaces of which the last line end does.
  mutable LongPiece first_;
  mutable LongPiece second_;
};

}  // namespace weir::tokens
