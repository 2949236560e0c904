#include <cstdint>
#include <string>
#include <string_view>

#include "weir/json/json.hpp"
#include "weir/json/plain_text.hpp"
#include "weir/json/utf8_sequence.hpp"

namespace weir::json {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

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
    at = pass_plain(text, at);
    if (at == text.size()) break;
    const char c = text[at];
    if (c == '"' || c == '\\') {
      copy_plain();
      out += '\\';
      plain = at++;
    } else if (static_cast<std::uint8_t>(c) < 0x20) {
      copy_plain();
      append_control(out, c);
      plain = ++at;
    } else if (const std::size_t length = utf8_sequence_length(text.substr(at, 4)); length > 0) {
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
