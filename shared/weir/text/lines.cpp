#include "weir/text/lines.hpp"

#include <algorithm>

#include "weir/base/assert.hpp"

namespace weir::text {

LineMap::LineMap(std::string_view text) : text_(text) {
  for (std::size_t at = 0; at < text.size();) {
    starts_.push_back(at);
    const std::size_t feed = text.find('\n', at);
    at = feed == std::string_view::npos ? text.size() : feed + 1;
  }
  starts_.push_back(text.size());
}

std::size_t LineMap::begin(std::uint32_t line) const {
  WEIR_ASSERT(line >= 1 && line <= starts_.size());
  return starts_[line - 1];
}

std::string_view LineMap::line(std::uint32_t line) const {
  return lines(line, line);
}

std::string_view LineMap::lines(std::uint32_t first, std::uint32_t last) const {
  WEIR_ASSERT(first >= 1 && first <= last && last <= count());
  const std::size_t from = starts_[first - 1];
  std::string_view text = text_.substr(from, starts_[last] - from);
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::uint32_t LineMap::line_at(std::size_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end() - 1, offset);
  return static_cast<std::uint32_t>(after - starts_.begin());
}

}  // namespace weir::text
