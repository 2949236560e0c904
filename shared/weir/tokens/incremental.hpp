#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "weir/tokens/encoding.hpp"

namespace weir::tokens {

/// Counts a text that arrives in parts, split at any byte, even inside a code point. After any
/// appends total() equals Encoding::count of everything appended.
///
/// What is final: a prefix that ends where a settled piece ends (split.hpp), because no later text
/// changes its pieces. Only the tail after it is kept, and the bytes of a code point that has
/// begun.
///
/// What it costs: appending takes amortised time in proportion to what is appended, since the tail
/// is looked at again only after it has doubled. total() counts the tail anew if something was
/// appended since: of prose and code that is a word or a line; of an endless word or run of spaces,
/// all of it.
class IncrementalCounter {
 public:
  /// The encoding must outlive the counter.
  explicit IncrementalCounter(const Encoding& encoding) : encoding_(&encoding) {}

  void append(std::string_view bytes);
  std::size_t total() const;
  void reset() { *this = IncrementalCounter(*encoding_); }

 private:
  void settle();

  static constexpr std::size_t first_look_bytes = 64;

  const Encoding* encoding_;
  std::string tail_;   ///< UTF-8 that begins with an unsettled piece
  std::string carry_;  ///< the beginning of a code point
  std::size_t settled_ = 0;
  std::size_t next_look_ = first_look_bytes;
  mutable std::optional<std::size_t> tail_count_;  ///< of tail and carry, once total() asked
};

}  // namespace weir::tokens
