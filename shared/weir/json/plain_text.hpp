#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/bytes.hpp"

namespace weir::json {

/// Stands in a JSON string for itself and is one byte: nearly every byte of nearly every text.
inline bool is_plain(char c) {
  return c >= 0x20 && c != '"' && c != '\\';
}

/// Where the plain characters end, from `at` on.
///
/// Eight bytes are looked at together: in `special` the highest bit is set of those that are below
/// 0x20, above 0x7f, or equal to a quote or a backslash. A byte above such a one may have it too,
/// by what was borrowed, so the lowest one counts.
inline std::size_t pass_plain(std::string_view text, std::size_t at) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t highs = 0x8080808080808080;
  constexpr std::size_t step = sizeof(std::uint64_t);
  const std::uint8_t* const bytes = as_bytes(text).data();
  for (; at + step <= text.size(); at += step) {
    const auto word = load_little_endian<std::uint64_t>(bytes + at);
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    const std::uint64_t special =
        ((word - ones * 0x20) | (quote - ones) | (backslash - ones) | word) & highs;
    if (special != 0) return at + static_cast<std::size_t>(std::countr_zero(special)) / 8;
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

}  // namespace weir::json
