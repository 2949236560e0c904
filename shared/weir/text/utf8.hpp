#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// UTF-8 (RFC 3629). One rule for bytes that are no UTF-8, the one of the WHATWG Encoding Standard
/// and of the Unicode Standard (section 3.9): each maximal subpart of an ill-formed sequence, that
/// is the longest start of some well-formed sequence, or else one byte, counts as one U+FFFD.
namespace weir::text {

inline constexpr char32_t replacement_character = 0xFFFD;

struct Decoded {
  char32_t code_point;   ///< U+FFFD where the bytes are no UTF-8
  std::uint32_t length;  ///< bytes taken: 1 to 4
  bool valid;
};

/// Reads the code point that begins at byte `at`, which must lie inside the text.
Decoded decode(std::string_view text, std::size_t at);

/// The same, a little faster, where the text is known to be UTF-8 and `at` to begin a code point.
Decoded decode_valid(std::string_view text, std::size_t at);

/// Appends a code point; surrogates and what is above U+10FFFF become U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

/// How many bytes, from the beginning, are UTF-8: the text's size where all are.
std::size_t valid_prefix(std::string_view text);
inline bool is_valid_utf8(std::string_view text) {
  return valid_prefix(text) == text.size();
}

/// Appends the text with U+FFFD for what is no UTF-8.
void append_replaced(std::string& out, std::string_view text);

/// The text itself where it is UTF-8; else what append_replaced() makes of it, in `storage`, which
/// is empty.
std::string_view repaired(std::string_view text, std::string& storage);

/// Where to cut so that no code point is divided: the largest boundary that is at most `n`, or the
/// text's size. Bytes that are no UTF-8 may be cut anywhere.
std::size_t utf8_floor(std::string_view text, std::size_t n);

/// How many bytes at the end begin a code point that more bytes could complete: 0 to 3. Whoever
/// receives text in pieces keeps these back until the next piece.
std::size_t incomplete_suffix(std::string_view text);

/// How many UTF-16 units a text that is UTF-8 has, which is how JavaScript counts.
std::size_t utf16_units(std::string_view text);

inline Decoded decode_valid(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<std::uint8_t>(text[at + i]));
  };
  const char32_t first = byte(0);
  if (first < 0x80) return {first, 1, true};
  if (first < 0xE0) return {((first & 0x1F) << 6) | (byte(1) & 0x3F), 2, true};
  const char32_t middle = (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  if (first < 0xF0) return {((first & 0x0F) << 12) | middle, 3, true};
  return {((first & 0x07) << 18) | (middle << 6) | (byte(3) & 0x3F), 4, true};
}

}  // namespace weir::text
