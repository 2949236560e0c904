#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/boundary.hpp"
#include "weir/base/result.hpp"
#include "weir/json/json.hpp"

namespace weir::boundary {

inline void give(const json::Value& value) {
  give(json::write(value));
}

/// Gives a JSON value or the error that stands in its place.
inline void give(const Result<json::Value>& result) {
  result ? give(*result) : fail(result.error());
}

/// The strings of an array member; none where it is missing. What is no string is passed over.
inline std::vector<std::string> strings_of(const json::Value& object, std::string_view member) {
  std::vector<std::string> strings;
  const json::Value* array = json::find(object, member);
  if (!array || !array->is_array()) return strings;
  for (const json::Value& item : *array) {
    if (item.is_string()) strings.push_back(item.get<std::string>());
  }
  return strings;
}

/// A number from 0 to 2^32 - 1; 0 where the member is missing or another.
inline std::uint32_t unsigned_of(const json::Value& object, std::string_view member) {
  const std::int64_t value = json::integer_or(object, member, 0);
  return value < 0 || value > 0xffffffffLL ? 0 : static_cast<std::uint32_t>(value);
}

}  // namespace weir::boundary
