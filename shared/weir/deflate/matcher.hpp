#pragma once

#include <cstdint>
#include <vector>

#include "weir/base/bytes.hpp"

namespace weir::deflate {

constexpr std::uint32_t match_least = 4;  // DEFLATE has shorter ones; they save next to nothing
constexpr std::uint32_t match_most = 258;
constexpr std::uint32_t distance_most = 1 << 15;

/// A byte, or a repetition of earlier bytes.
struct Token {
  std::uint16_t length = 0;    ///< 0: a byte
  std::uint16_t distance = 0;  ///< less one; of a byte, the byte

  bool is_match() const { return length > 0; }
};

/// Tells inputs as bytes and repetitions, one after another.
class Matcher {
 public:
  /// Of an input: places are told in 16 bits.
  static constexpr std::size_t bytes_most = 0xffff;

  Matcher();

  /// Replaces `out`.
  void tell(Bytes input, std::vector<Token>& out);

 private:
  struct Match {
    std::uint32_t length = 0;
    std::uint32_t distance = 0;
  };

  bool can_begin(std::size_t at) const { return at + match_least <= input_.size(); }
  std::uint32_t four_bytes(std::size_t at) const;
  std::uint32_t insert(std::size_t at);
  Match longest(std::size_t at, std::uint32_t candidate, std::uint32_t better_than) const;

  Bytes input_;
  // Places are counted from 1; 0 is none.
  std::vector<std::uint16_t> latest_;   ///< by hash: where those bytes stood last
  std::vector<std::uint16_t> earlier_;  ///< by place: where bytes of its hash stood before
};

}  // namespace weir::deflate
