#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/base/result.hpp"
#include "weir/json/json.hpp"
#include "weir/stream/event.hpp"

/// An event's members as JSON, the same inside a frame, in an SSE message's data and in an error's
/// body. Private to wire.
namespace weir::wire {

/// Appends `,"name":` and leaves the value to the caller.
void append_name(std::string& out, std::string_view name);

/// Appends each member of the event with a comma before it: `,"text":"Hello"`.
void append_members(std::string& out, const stream::EntryView& entry);

/// Closes an object that append_members wrote into: turns the first comma after `begin` into '{'
/// and appends '}'.
void close_object(std::string& out, std::size_t begin);

/// The event of this type with these members; missing ones take their defaults. Nothing for a type
/// (or a kind of notice) this version does not know.
Result<std::optional<stream::Event>> read_event(std::string_view type, const json::Value& members);

/// Reads `error`'s members; a code this version does not know becomes `internal`.
stream::Failed read_failed(const json::Value& members);

/// A cursor or a ref: a whole number that JSON carries exactly. 0 where missing or wrong.
std::uint64_t exact_or_zero(std::int64_t number);
std::uint64_t unsigned_or_zero(const json::Value& object, std::string_view member);
std::uint32_t uint32_or_zero(const json::Value& object, std::string_view member);

}  // namespace weir::wire
