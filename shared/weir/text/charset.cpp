#include "weir/text/charset.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "weir/text/utf8.hpp"

namespace weir::text {
namespace {

constexpr std::string_view little_mark = "\xFF\xFE";
constexpr std::string_view big_mark = "\xFE\xFF";

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

/// Control characters that no text has: escape sequences of terminals (0x1B) do occur.
bool is_binary_control(std::uint8_t byte) {
  return byte < 0x20 && (byte < '\t' || byte > '\r') && byte != 0x1B;
}

/// Bytes from 0x80 to 0x9F that Western European prose uses in Windows-1252: the euro sign, the
/// ellipsis, quotation marks, dashes and the bullet, the trade mark, and a few letters. The others
/// are undefined or rare there, but frequent as first bytes in Shift-JIS.
bool is_western_mark(std::uint8_t byte) {
  constexpr std::string_view marks =
      "\x80\x85\x8A\x8C\x8E\x91\x92\x93\x94\x95\x96\x97\x99\x9A\x9C\x9E";
  return marks.find(static_cast<char>(byte)) != std::string_view::npos;
}

bool is_ascii_letter(std::string_view bytes, std::size_t at) {
  if (at >= bytes.size()) return false;
  const char lower = static_cast<char>(bytes[at] | 0x20);
  return lower >= 'a' && lower <= 'z';
}

/// Whether the bytes above 0x7F from `begin` to `end` read like part of a Western word or mark: one
/// alone ("d\xE9j\xE0"), or two in a word ("Gr\xF6\xDFe") that are no character of UTF-8.
bool is_western_run(std::string_view bytes, std::size_t begin, std::size_t end) {
  if (end - begin == 1) return true;
  if (end - begin > 2 || is_valid_utf8(bytes.substr(begin, 2))) return false;
  return is_ascii_letter(bytes, begin - 1) || is_ascii_letter(bytes, end);
}

bool looks_western(std::string_view bytes) {
  std::size_t high = 0, western = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t begin = i;
    for (; i < bytes.size() && byte_at(bytes, i) >= 0x80; ++i) {
      if (byte_at(bytes, i) < 0xA0 && !is_western_mark(byte_at(bytes, i))) return false;
    }
    high += i - begin;
    if (i > begin && is_western_run(bytes, begin, i)) western += i - begin;
    if (i == begin) ++i;
  }
  constexpr std::size_t in_all = 5, western_at_least = 4;
  return western * in_all >= high * western_at_least;
}

/// What 0x80 to 0x9F stand for (https://encoding.spec.whatwg.org/index-windows-1252.txt).
constexpr std::array<char16_t, 32> windows_1252 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

std::string from_windows_1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) append_utf8(out, windows_1252_character(static_cast<std::uint8_t>(c)));
  return out;
}

/// `high` is where a unit's upper byte lies: 0 or 1.
std::optional<std::string> from_utf16(std::string_view bytes, std::size_t high) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  const auto unit = [&](std::size_t at) {
    return static_cast<char32_t>(byte_at(bytes, at + high) << 8 | byte_at(bytes, at + 1 - high));
  };
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 2; at < bytes.size(); at += 2) {
    char32_t code_point = unit(at);
    if (code_point >= 0xD800 && code_point < 0xE000) {
      if (code_point >= 0xDC00 || at + 4 > bytes.size()) return std::nullopt;
      const char32_t low = unit(at + 2);
      if (low < 0xDC00 || low >= 0xE000) return std::nullopt;
      code_point = 0x10000 + ((code_point - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    }
    if (code_point == 0) return std::nullopt;
    append_utf8(out, code_point);
  }
  return out;
}

}  // namespace

Charset charset_of(std::string_view bytes) {
  if (bytes.starts_with(little_mark)) return Charset::utf16_little;
  if (bytes.starts_with(big_mark)) return Charset::utf16_big;
  if (bytes.find('\0') != std::string_view::npos) return Charset::binary;
  if (is_valid_utf8(bytes)) return Charset::utf8;
  const bool controls = std::any_of(bytes.begin(), bytes.end(), [](char c) {
    return is_binary_control(static_cast<std::uint8_t>(c));
  });
  if (controls) return Charset::binary;
  return looks_western(bytes) ? Charset::windows_1252 : Charset::other;
}

std::optional<std::string> to_utf8(std::string_view bytes, Charset charset) {
  switch (charset) {
    case Charset::utf8:
      return std::string(without_utf8_mark(bytes));
    case Charset::utf16_little:
      return from_utf16(bytes, 1);
    case Charset::utf16_big:
      return from_utf16(bytes, 0);
    case Charset::windows_1252:
      return from_windows_1252(bytes);
    case Charset::other:
    case Charset::binary:
      return std::nullopt;
  }
  return std::nullopt;
}

char32_t windows_1252_character(std::uint8_t byte) {
  return byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : char32_t{byte};
}

}  // namespace weir::text
