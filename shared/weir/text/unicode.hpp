#pragma once

#include <cstddef>
#include <cstdint>

/// Properties of code points by Unicode 16.0.0, the version that the token encodings are defined
/// with. The tables are generated in the build (generate_unicode.mjs); the host's own Unicode is
/// never asked, so every build gives the same answers. What is no code point (above U+10FFFF) has
/// none.
namespace weir::text {

/// A set of properties; a code point has at most one of the first six.
enum Properties : std::uint8_t {
  upper = 1,     ///< general categories Lu and Lt
  lower = 2,     ///< general category Ll
  caseless = 4,  ///< general categories Lm and Lo
  mark = 8,      ///< general category M
  number = 16,   ///< general category N
  space = 32,    ///< White_Space
  cjk = 64,      ///< scripts Han, Hiragana, Katakana, Hangul
  letter = upper | lower | caseless,
};

namespace tables {
extern const std::uint8_t property_blocks[];
extern const std::uint8_t property_values[];
extern const std::uint8_t lower_blocks[];
extern const std::uint8_t lower_values[];
extern const std::int32_t lower_differences[];
}  // namespace tables

inline constexpr char32_t last_code_point = 0x10FFFF;

inline std::uint8_t properties(char32_t code_point) {
  if (code_point > last_code_point) return 0;
  const std::size_t block = tables::property_blocks[code_point >> 7];
  return tables::property_values[block * 128 + (code_point & 127)];
}

inline bool has(char32_t code_point, unsigned any_of) {
  return (properties(code_point) & any_of) != 0;
}

inline bool is_letter(char32_t code_point) {
  return has(code_point, letter);
}
inline bool is_upper(char32_t code_point) {
  return has(code_point, upper);
}
inline bool is_lower(char32_t code_point) {
  return has(code_point, lower);
}
inline bool is_mark(char32_t code_point) {
  return has(code_point, mark);
}
inline bool is_number(char32_t code_point) {
  return has(code_point, number);
}
inline bool is_space(char32_t code_point) {
  return has(code_point, space);
}

/// Written without spaces between words (Hangul has them, but is searched like its neighbours).
inline bool is_cjk(char32_t code_point) {
  return has(code_point, cjk);
}

/// The simple lower-case mapping: one code point to one; itself where there is none.
char32_t to_lower(char32_t code_point);

}  // namespace weir::text
