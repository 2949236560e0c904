#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::json {

/// Stands in a JSON string for itself and is one byte: nearly every byte of nearly every text.
inline bool is_plain(char c) {
  return c >= 0x20 && c <= 0x7E && c != '"' && c != '\\';
}

/// Where the plain characters end, from `at` on: eight at a time, by the highest bits of bytes that
/// are below 0x20, above 0x7f, or equal to a quote or a backslash.
inline std::size_t pass_plain(std::string_view text, std::size_t at) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t highs = 0x8080808080808080;
  constexpr std::size_t step = sizeof(std::uint64_t);
  while (at + step <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, step);
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    const std::uint64_t special = (word - ones * 0x20) | (quote - ones) | (backslash - ones) | word;
    if ((special & highs) != 0) break;
    at += step;
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

}  // namespace weir::json
