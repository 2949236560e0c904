#include "weir/json/members.hpp"

#include <algorithm>

#include "weir/json/json.hpp"
#include "weir/json/scanner.hpp"

namespace weir::json {

std::string ValueView::string() const {
  if (!is_string()) return "";
  if (text_.find('\\') == std::string_view::npos) {
    return std::string(text_.substr(1, text_.size() - 2));
  }
  std::string out;
  Scanner(text_).append_string(out);
  return out;
}

std::int64_t ValueView::integer_or(std::int64_t fallback) const {
  if (!is_number()) return fallback;
  std::uint64_t number = 0;
  if (Scanner(text_).take_whole_number(number)) return static_cast<std::int64_t>(number);
  const auto value = parse(text_);
  return value ? json::integer_or(*value, fallback) : fallback;
}

std::vector<ValueView> ValueView::elements() const {
  std::vector<ValueView> out;
  if (!is_array()) return out;
  Scanner scan(text_);
  std::string_view element;
  scan.begin_array();
  while (scan.next_element() && scan.skip(&element)) out.emplace_back(element);
  return out;
}

bool read_members(std::string_view text, std::size_t depth_most,
                  std::span<const std::string_view> names, std::span<ValueView> values) {
  std::fill(values.begin(), values.end(), ValueView());
  Scanner scan(text, depth_most);
  std::string_view name;
  std::string_view value;
  if (!scan.begin_object()) return false;
  while (scan.next_member(name)) {
    const auto place = std::find(names.begin(), names.end(), name) - names.begin();
    if (!scan.skip(&value)) return false;
    const auto at = static_cast<std::size_t>(place);
    if (at < names.size()) values[at] = ValueView(value);
  }
  return scan.whole();
}

Result<void> rewrite(std::string_view text, std::size_t depth_most, std::string& rewritten) {
  const auto value = parse(text, depth_most);
  if (!value) return value.error();
  rewritten = write(*value);
  return {};
}

}  // namespace weir::json
