#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/bytes.hpp"
#include "weir/tokens/encoding_name.hpp"

/// The piece that most of a text consists of, a word of ASCII letters with or without something
/// before it, found eight bytes at a time. split.hpp knows all pieces; this knows one kind, faster.
namespace weir::tokens {

/// Nearer to the text's end no word is found.
inline constexpr std::size_t ascii_word_reads_bytes = 9;

namespace ascii {

inline constexpr std::uint64_t ones = 0x0101010101010101ULL;
inline constexpr std::uint64_t high_bits = 0x80 * ones;

inline std::uint64_t load(const char* at) {
  return load_little_endian<std::uint64_t>(reinterpret_cast<const std::uint8_t*>(at));
}

/// The high bit of each byte that lies from `first` to `last`; of no byte from 0x80 on.
inline std::uint64_t within(std::uint64_t word, std::uint8_t first, std::uint8_t last) {
  const std::uint64_t low = word & ~high_bits;
  return (low + (0x80U - first) * ones) & ~(low + (0x7FU - last) * ones) & ~word & high_bits;
}

/// How many bytes at the beginning are set in a mask of high bits: 8 for all.
inline std::size_t leading(std::uint64_t mask) {
  return static_cast<std::size_t>(std::countr_zero(~mask & high_bits)) / 8;
}

/// What may stand before a word as a part of it and is no contraction's beginning.
inline bool leads(char c) {
  return c >= 0 && c != '\r' && c != '\n' && c != '\'' && !(c >= '0' && c <= '9');
}

inline bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

}  // namespace ascii

/// The end of the piece that begins at `at` if it is such a word and that is plain to see; else 0:
/// then split.hpp has to look.
inline std::size_t ascii_word_end(EncodingName encoding, std::string_view text, std::size_t at) {
  const bool cases = encoding == EncodingName::o200k_base;
  if (!ascii::is_letter(text[at])) {
    if (!ascii::leads(text[at])) return 0;
    ++at;
  }
  const std::size_t begin = at;
  std::uint64_t lower_before = 0;
  while (at + ascii_word_reads_bytes <= text.size()) {
    const std::uint64_t word = ascii::load(text.data() + at);
    const std::uint64_t letters = ascii::within(word | 0x20 * ascii::ones, 'a', 'z');
    const std::uint64_t lower = letters & word << 2;  // 0x20 tells the cases apart
    const std::uint64_t turns = letters & ~lower & (lower << 8 | lower_before);
    const std::size_t taken = ascii::leading(cases ? letters & ~turns : letters);
    at += taken;
    lower_before = lower >> 56;
    if (taken == 8) continue;
    const char next = text[at];
    return at == begin || next < 0 || (cases && next == '\'') ? 0 : at;
  }
  return 0;
}

}  // namespace weir::tokens
