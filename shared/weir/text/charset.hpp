#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::text {

/// How a text's characters are written as bytes.
enum class Charset : std::uint8_t {
  utf8,          ///< with or without a byte order mark
  utf16_little,  ///< with a byte order mark, as are all UTF-16 texts that are taken for such
  utf16_big,
  windows_1252,  ///< and ISO 8859-1, which it contains but for control characters
  other,         ///< text, as it seems, in an encoding that is not one of these
  binary,        ///< no text
};

/// Told from the bytes alone. What is not UTF-8 is taken for Windows-1252 only where its bytes
/// above 0x7F look like the accented letters and typographic marks of Western European prose: most
/// stand alone between ASCII characters, and none is one that such prose has no use for.
/// Shift-JIS, GBK, Big5, EUC and the Cyrillic encodings write letters in pairs or in rows, and come
/// out as `other`.
Charset charset_of(std::string_view bytes);

/// A text in UTF-8 without its byte order mark.
inline std::string_view without_utf8_mark(std::string_view bytes) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return bytes.starts_with(mark) ? bytes.substr(mark.size()) : bytes;
}

/// The text as UTF-8, without its byte order mark; nothing where it is `other`, `binary`, or breaks
/// the rules of its encoding. The tables are those of the WHATWG Encoding Standard.
std::optional<std::string> to_utf8(std::string_view bytes, Charset charset);

/// What a byte of Windows-1252 stands for.
char32_t windows_1252_character(std::uint8_t byte);

}  // namespace weir::text
