#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "weir/stream/event.hpp"

namespace weir::provider {

/// What a chunk of a Chat Completions stream says of the only choice, and of the whole answer.
struct PlainChunk {
  std::string text;           ///< added to the answer
  std::string finish_reason;  ///< empty: not over yet
  std::optional<stream::Usage> usage;
};

/// The short way for what nearly every message of a Chat Completions stream is: a chunk with no
/// more than a PlainChunk's members in it that count.
///
/// It reads a chunk as the full reading does; tests and a fuzzer hold the two against each other.
class PlainChunkReader {
 public:
  /// Nothing for any other message (errors, reasoning, tool calls, several choices, members of
  /// unusual types), which is then to be read in full.
  std::optional<PlainChunk> read(std::string_view data);

 private:
  bool begins_like_the_last(std::string_view data, std::size_t bytes) const;
  bool read_like_the_last(std::string_view data, std::string& text) const;

  /// Chunks of one stream begin alike, and those that bring text mostly differ in nothing but that:
  /// then that alone has to be read. So here is the last chunk with text alone, or any before one
  /// has come.
  std::string last_;
  std::size_t preamble_ = 0;  ///< so many bytes of it stand before the choices, and say nothing
  std::size_t before_ = 0;    ///< so many before the text; 0: it had none
  std::size_t behind_ = 0;    ///< so many behind it
};

}  // namespace weir::provider
