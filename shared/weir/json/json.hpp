#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "weir/base/result.hpp"

/// The only door to nlohmann/json: parsing with a depth limit and without exceptions, access that
/// names the field that is wrong, and writing that never fails.
namespace weir::json {

/// Members keep the order in which they were written.
using Value = nlohmann::ordered_json;

/// Parses one JSON text (RFC 8259). A failure is `invalid_request` with the byte offset.
Result<Value> parse(std::string_view text, std::size_t depth_most = 64);

/// Writes compactly. Bytes that are not UTF-8 become U+FFFD.
std::string write(const Value& value);

/// Appends `text` as a JSON string with its quotes: the fast way for deltas.
/// Bytes that are not UTF-8 become U+FFFD.
void append_string(std::string& out, std::string_view text);

/// Appends a number in the fewest digits that are read back as the same; what is none (infinity) as
/// null.
void append_number(std::string& out, float number);

/// Members of an object by name: nullptr where there is none or `object` is no object.
const Value* find(const Value& object, std::string_view member);

/// Typed reads for messages of peers whose fields are all optional: the fallback where the member
/// is missing or of another type.
std::string string_or(const Value& object, std::string_view member, std::string_view fallback = {});
std::int64_t integer_or(const Value& object, std::string_view member, std::int64_t fallback);
/// A whole number, however it is written.
std::int64_t integer_or(const Value& value, std::int64_t fallback);
bool boolean_or(const Value& object, std::string_view member, bool fallback);

}  // namespace weir::json
