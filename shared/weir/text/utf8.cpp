#include "weir/text/utf8.hpp"

#include <algorithm>

#include "weir/base/bytes.hpp"

namespace weir::text {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

/// What a first byte promises. The second byte's range is narrower after some, which excludes
/// overlong forms, surrogates and what lies above U+10FFFF (Unicode Standard, table 3-7).
struct Promise {
  std::uint32_t length;  ///< 0 where the byte begins nothing
  std::uint8_t second_least;
  std::uint8_t second_most;
};

Promise promise(std::uint8_t first) {
  if (first < 0x80) return {1, 0, 0};
  if (first < 0xC2) return {0, 0, 0};
  if (first < 0xE0) return {2, 0x80, 0xBF};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3, 0x80, 0xBF};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first < 0xF4) return {4, 0x80, 0xBF};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

/// How many of the promised bytes are there and right: at least 1 for a byte that begins something.
std::uint32_t kept(const Promise& promised, std::string_view text, std::size_t at) {
  std::uint32_t have = 1;
  for (; have < promised.length && at + have < text.size(); ++have) {
    const std::uint8_t next = byte_at(text, at + have);
    const std::uint8_t least = have == 1 ? promised.second_least : 0x80;
    const std::uint8_t most = have == 1 ? promised.second_most : 0xBF;
    if (next < least || next > most) break;
  }
  return have;
}

/// Whether a code point of three bytes begins these, and its first byte promises them without more
/// conditions: most of those in East Asian text.
bool plain_three(const std::uint8_t* at) {
  const auto bytes = load_little_endian<std::uint32_t>(at);
  return (bytes & 0xC0C0F0) == 0x8080E0 && at[0] != 0xE0 && at[0] != 0xED;
}

}  // namespace

Decoded decode(std::string_view text, std::size_t at) {
  const Promise promised = promise(byte_at(text, at));
  if (promised.length == 0) return {replacement_character, 1, false};
  const std::uint32_t have = kept(promised, text, at);
  if (have < promised.length) return {replacement_character, have, false};
  return decode_valid(text, at);
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  const auto continuation = [&](unsigned shift) { put(0x80 | ((code_point >> shift) & 0x3F)); };
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (surrogate || code_point > 0x10FFFF) code_point = replacement_character;
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    continuation(0);
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    continuation(6);
    continuation(0);
  } else {
    put(0xF0 | (code_point >> 18));
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

std::size_t valid_prefix(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080ULL;
  const std::uint8_t* const bytes = as_bytes(text).data();
  std::size_t at = 0;
  while (at < text.size()) {
    while (at + 8 <= text.size() && !(load_little_endian<std::uint64_t>(bytes + at) & high_bits)) {
      at += 8;
    }
    while (at + 4 <= text.size() && plain_three(bytes + at)) at += 3;
    if (at == text.size()) break;
    const Decoded decoded = decode(text, at);
    if (!decoded.valid) break;
    at += decoded.length;
  }
  return at;
}

void append_replaced(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t valid = valid_prefix(text);
    out += text.substr(0, valid);
    text.remove_prefix(valid);
    if (text.empty()) break;
    append_utf8(out, replacement_character);
    text.remove_prefix(decode(text, 0).length);
  }
}

std::string_view repaired(std::string_view text, std::string& storage) {
  if (is_valid_utf8(text)) return text;
  append_replaced(storage, text);
  return storage;
}

std::size_t utf8_floor(std::string_view text, std::size_t n) {
  if (n >= text.size()) return text.size();
  // A code point that spans n begins at most three bytes before it.
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, n); ++back) {
    const Decoded decoded = decode(text, n - back);
    if (decoded.valid && decoded.length > back) return n - back;
  }
  return n;
}

std::size_t incomplete_suffix(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const std::size_t at = text.size() - back;
    const Promise promised = promise(byte_at(text, at));
    if (promised.length > back && kept(promised, text, at) == back) return back;
  }
  return 0;
}

std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    units += (byte & 0xC0) != 0x80;  // one for each code point
    units += byte >= 0xF0;           // another one for those that need a surrogate pair
  }
  return units;
}

}  // namespace weir::text
