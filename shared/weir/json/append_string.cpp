#include <cstdint>
#include <string>
#include <string_view>

#include "weir/json/json.hpp"

namespace weir::json {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

/// Length of the well-formed UTF-8 sequence at the start of `text` (Unicode 16, table 3-7), or 0.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (lead == 0xE0 && byte(1) < 0xA0) return 0;
    if (lead == 0xED && byte(1) > 0x9F) return 0;
    return continues(1) && continues(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (lead == 0xF0 && byte(1) < 0x90) return 0;
    if (lead == 0xF4 && byte(1) > 0x8F) return 0;
    return continues(1) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

void append_control(std::string& out, char c) {
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\r':
      out += "\\r";
      return;
    default:
      out += "\\u00";
      out += hex[static_cast<std::uint8_t>(c) >> 4];
      out += hex[static_cast<std::uint8_t>(c) & 0xf];
  }
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;  // start of the bytes that are copied as they are
  std::size_t at = 0;
  const auto copy_plain = [&] { out.append(text.substr(plain, at - plain)); };
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"' || c == '\\') {
      copy_plain();
      out += '\\';
      plain = at++;
    } else if (static_cast<std::uint8_t>(c) < 0x20) {
      copy_plain();
      append_control(out, c);
      plain = ++at;
    } else if (const std::size_t length = sequence_length(text.substr(at, 4)); length > 0) {
      at += length;
    } else {
      copy_plain();
      out += "\xEF\xBF\xBD";
      plain = ++at;
    }
  }
  copy_plain();
  out += '"';
}

}  // namespace weir::json
