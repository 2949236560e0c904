#include "weir/base/id128.hpp"

#include <cstddef>

namespace weir {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_hex(const Id128& id) {
  std::string text(2 * id.bytes.size(), '0');
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    text[2 * i] = digits[id.bytes[i] >> 4];
    text[2 * i + 1] = digits[id.bytes[i] & 0xf];
  }
  return text;
}

std::optional<Id128> id128_from_hex(std::string_view text) {
  if (text.size() != 32) return std::nullopt;
  Id128 id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    const int high = digit_value(text[2 * i]);
    const int low = digit_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return id;
}

bool equal_in_constant_time(const Id128& a, const Id128& b) {
  std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.bytes.size(); ++i) {
    difference = static_cast<std::uint8_t>(difference | (a.bytes[i] ^ b.bytes[i]));
  }
  return difference == 0;
}

std::size_t Id128Hash::operator()(const Id128& id) const {
  // The bits are random already: any eight bytes of them will do.
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 8) | id.bytes[i];
  return static_cast<std::size_t>(value ^ (value >> 32));
}

}  // namespace weir
