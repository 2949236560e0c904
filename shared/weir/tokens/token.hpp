#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::tokens {

/// A token's number, which is its rank: of two possible merges the one whose token has the lower
/// number goes first.
using Token = std::uint32_t;

/// No token has this number.
inline constexpr Token no_token = 0xFFFFFFFF;

/// The two tokens that are merged last when a token is built from its bytes.
struct Pair {
  Token left;
  Token right;
  friend bool operator==(const Pair&, const Pair&) = default;
};

/// The bytes come first: a lower number is one byte, and was not merged.
inline constexpr Token first_merged = 256;

/// Bounds what a forged vocabulary can make us do; the longest real tokens have 128 bytes.
inline constexpr std::size_t longest_token_bytes = 256;

}  // namespace weir::tokens
