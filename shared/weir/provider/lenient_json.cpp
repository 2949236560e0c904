#include "weir/provider/lenient_json.hpp"

#include <optional>
#include <string>

#include "weir/text/utf8.hpp"

namespace weir::provider {
namespace {

constexpr std::size_t escape_bytes = 6;  // \uXXXX

/// The code unit of the \uXXXX escape at `at`, if one stands there.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
  if (at + escape_bytes > text.size() || text[at] != '\\' || text[at + 1] != 'u') {
    return std::nullopt;
  }
  unsigned unit = 0;
  for (std::size_t i = at + 2; i < at + escape_bytes; ++i) {
    const char c = text[i];
    unit <<= 4;
    if (c >= '0' && c <= '9') {
      unit |= static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      unit |= static_cast<unsigned>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      unit |= static_cast<unsigned>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
  }
  return unit;
}

bool is_high_surrogate(unsigned unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low_surrogate(unsigned unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

std::string with_paired_surrogates(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out += text[at++];
      continue;
    }
    const std::optional<unsigned> unit = escaped_unit(text, at);
    if (!unit) {  // another escape: both characters, so that \\ud800 stays what it is
      out += text.substr(at, 2);
      at += 2;
      continue;
    }
    const auto next = escaped_unit(text, at + escape_bytes);
    if (is_high_surrogate(*unit) && next && is_low_surrogate(*next)) {
      out += text.substr(at, 2 * escape_bytes);
      at += 2 * escape_bytes;
      continue;
    }
    const bool alone = is_high_surrogate(*unit) || is_low_surrogate(*unit);
    out += alone ? std::string_view("\\ufffd") : text.substr(at, escape_bytes);
    at += escape_bytes;
  }
  return out;
}

}  // namespace

Result<json::Value> parse_lenient(std::string_view text) {
  Result<json::Value> value = json::parse(text);
  if (value) return value;
  std::string utf8;
  text::append_replaced(utf8, text);
  return json::parse(with_paired_surrogates(utf8));
}

}  // namespace weir::provider
