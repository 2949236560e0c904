#pragma once

#include <cstdint>
#include <string_view>

#include "weir/json/json.hpp"

namespace weir::provider {

/// A member that is there: in providers' messages JSON's null stands for absent.
inline const json::Value* member(const json::Value& object, std::string_view name) {
  const json::Value* value = json::find(object, name);
  return value && !value->is_null() ? value : nullptr;
}

/// The elements of an array member; of anything else none.
inline const json::Value& elements(const json::Value& object, std::string_view name) {
  static const json::Value none = json::Value::array();
  const json::Value* value = json::find(object, name);
  return value && value->is_array() ? *value : none;
}

/// A count of tokens; 0 for what is none.
inline std::uint32_t count_or_zero(const json::Value& object, std::string_view name) {
  const std::int64_t count = json::integer_or(object, name, 0);
  return count < 0 || count > UINT32_MAX ? 0 : static_cast<std::uint32_t>(count);
}

}  // namespace weir::provider
