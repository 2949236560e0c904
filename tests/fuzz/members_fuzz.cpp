// Reading by names beside nlohmann's tree: the same errors, and the same members.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/json/json.hpp"
#include "weir/json/members.hpp"

namespace {

using namespace weir;

void check_value(json::ValueView view, const json::Value& value) {
  const auto again = json::parse(view.text());
  WEIR_ASSERT(again && *again == value);
  WEIR_ASSERT(view.is_string() == value.is_string() && view.is_array() == value.is_array());
  WEIR_ASSERT(view.is_object() == value.is_object() && view.is_null() == value.is_null());
  WEIR_ASSERT(view.is_boolean() == value.is_boolean() && view.is_number() == value.is_number());
  WEIR_ASSERT(view.is_true() == (value == true));
  WEIR_ASSERT(view.integer_or(-7) == json::integer_or(value, -7));
  if (value.is_string()) WEIR_ASSERT(view.string() == value.get<std::string>());
  const auto elements = view.elements();
  WEIR_ASSERT(elements.size() == (value.is_array() ? value.size() : 0));
  for (std::size_t i = 0; i < elements.size(); ++i) check_value(elements[i], value[i]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<std::string_view, 3> names = {"a", "b", ""};
  constexpr std::size_t depth_most = 8;
  const std::string_view text = as_text({data, size});
  json::Members members(names);
  const auto parsed = members.parse(text, depth_most);
  const auto value = json::parse(text, depth_most);
  WEIR_ASSERT(static_cast<bool>(parsed) == static_cast<bool>(value));
  if (!value) {
    WEIR_ASSERT(parsed.error() == value.error());
    return 0;
  }
  WEIR_ASSERT(members.is_object() == value->is_object());
  for (const std::string_view name : names) {
    const json::Value* member = json::find(*value, name);
    WEIR_ASSERT(static_cast<bool>(members[name]) == (member != nullptr));
    if (member) check_value(members[name], *member);
  }
  return 0;
}
