#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "clock.hpp"

namespace weir::bench {

constexpr std::size_t delta_characters = 4;  ///< about what a model's token holds

/// What the delta with this index says in the answer with this number: the reader can check every
/// character without a copy of the text.
inline std::array<char, delta_characters> delta_text(std::uint64_t answer, std::uint64_t index) {
  std::uint64_t word = (answer * 7919 + index * 104'729) % 17'576;
  std::array<char, delta_characters> text{' '};
  for (std::size_t i = 1; i < delta_characters; ++i) {
    text[i] = static_cast<char>('a' + word % 26);
    word /= 26;
  }
  return text;
}

/// The same, written to where there is room for it, as a provider may be told to write something
/// else.
inline void write_delta_text(std::uint64_t answer, std::uint64_t index, char* out) {
  const auto text = delta_text(answer, index);
  std::copy(text.begin(), text.end(), out);
}

/// One stream as its two ends see it: the provider writes down what it sent and when, the reader
/// compares. Provider and reader are one process, so they share the record and the clock.
struct Stream {
  std::uint64_t answer = 0;  ///< number of the answer that runs here now
  std::uint64_t deltas_sent = 0;
  std::vector<Nanoseconds> writes_at;  ///< when each batch of deltas was written
  Nanoseconds dropped_at = 0;          ///< when the provider broke the answer off
};

/// An answer's number leads to its stream: streams run one answer after another, in steps of the
/// number of streams. The reader puts the number into its question, where every proxy leaves it be.
class Streams {
 public:
  explicit Streams(std::size_t count) : streams_(count) {}

  std::size_t size() const { return streams_.size(); }
  std::size_t slot(std::uint64_t answer) const {
    return static_cast<std::size_t>(answer % streams_.size());
  }
  Stream& operator[](std::size_t slot) { return streams_[slot]; }

 private:
  std::vector<Stream> streams_;
};

constexpr std::string_view answer_marker = "answer-number=";

}  // namespace weir::bench
