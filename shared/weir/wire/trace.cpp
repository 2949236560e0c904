#include "weir/wire/trace.hpp"

#include <algorithm>

namespace weir::wire {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

/// Upper case is not allowed.
bool is_hex(std::string_view text) {
  return text.find_first_not_of(digits) == text.npos;
}

bool is_zero(std::string_view text) {
  return text.find_first_not_of('0') == text.npos;
}

std::uint8_t byte_of(std::string_view hex) {
  return static_cast<std::uint8_t>(digits.find(hex[0]) << 4 | digits.find(hex[1]));
}

}  // namespace

std::optional<Trace> read_traceparent(std::string_view header) {
  // version "-" trace-id "-" parent-id "-" trace-flags
  constexpr std::size_t size = 2 + 1 + 32 + 1 + 16 + 1 + 2;
  if (header.size() < size) return std::nullopt;
  const std::string_view version = header.substr(0, 2);
  const std::string_view trace = header.substr(3, 32);
  const std::string_view parent = header.substr(36, 16);
  const std::string_view flags = header.substr(53, 2);
  if (header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;
  if (!is_hex(version) || !is_hex(trace) || !is_hex(parent) || !is_hex(flags)) return std::nullopt;
  if (version == "ff" || is_zero(trace) || is_zero(parent)) return std::nullopt;
  if (header.size() > size && (version == "00" || header[size] != '-')) return std::nullopt;
  return Trace{*id128_from_hex(trace), byte_of(flags)};
}

/// Of the flags only the first is defined; others are not passed on.
std::string write_traceparent(const Trace& trace, std::uint64_t span) {
  constexpr int hex_digits = 16;
  std::string out = "00-" + to_hex(trace.id) + "-";
  for (int i = hex_digits - 1; i >= 0; --i) out += digits[span >> (4 * i) & 0xf];
  return out + ((trace.flags & 1) != 0 ? "-01" : "-00");
}

}  // namespace weir::wire
