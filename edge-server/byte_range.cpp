#include "byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace weir::edge {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

ByteRange last_bytes(std::uint64_t count, std::uint64_t size) {
  if (count == 0 || size == 0) return {ByteRange::Kind::unsatisfiable};
  return {ByteRange::Kind::part, size - std::min(count, size), size - 1};
}

}  // namespace

ByteRange parse_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit)) return {};
  const std::string_view range = header.substr(unit.size());
  const std::size_t dash = range.find('-');
  if (dash == range.npos) return {};
  const std::string_view from = range.substr(0, dash);
  const std::string_view to = range.substr(dash + 1);

  const std::optional<std::uint64_t> last = number(to);
  if (from.empty()) return last ? last_bytes(*last, size) : ByteRange{};
  const std::optional<std::uint64_t> first = number(from);
  if (!first || (!to.empty() && (!last || *last < *first))) return {};
  if (*first >= size) return {ByteRange::Kind::unsatisfiable};
  return {ByteRange::Kind::part, *first, last ? std::min(*last, size - 1) : size - 1};
}

}  // namespace weir::edge
