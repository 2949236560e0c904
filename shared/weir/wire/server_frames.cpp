#include <utility>

#include "weir/base/digits.hpp"
#include "weir/json/json.hpp"
#include "weir/sse/writer.hpp"
#include "weir/wire/event_json.hpp"
#include "weir/wire/frames.hpp"

namespace weir::wire {
namespace {

/// `accepted` nests deepest: the frame, its list, a passage.
constexpr std::size_t frame_depth_most = 16;

void append_head(std::string& out, const stream::EntryView& entry) {
  out += R"({"type":")";
  out += stream::type_name(entry);
  out += '"';
}

void append_cursor_and_members(std::string& out, const stream::EntryView& entry) {
  if (entry.cursor != 0) {
    append_name(out, "cursor");
    append_digits(out, entry.cursor);
  }
  append_members(out, entry);
  out += '}';
}

/// Decimal digits alone; an empty or foreign id means an event without a cursor.
stream::Cursor read_cursor(std::string_view id) {
  stream::Cursor cursor = 0;
  for (const char c : id) {
    if (c < '0' || c > '9' || cursor > (1ULL << 53) / 10) return 0;
    cursor = cursor * 10 + static_cast<stream::Cursor>(c - '0');
  }
  return cursor;
}

}  // namespace

std::string write_server_frame(const ServerFrame& frame) {
  const auto* event = std::get_if<EventFrame>(&frame);
  if (!event) return R"({"type":"alive"})";
  std::string out;
  append_event_frame(out, event->ref, stream::view(event->entry));
  return out;
}

void append_event_frame(std::string& out, Ref ref, const stream::EntryView& entry) {
  append_head(out, entry);
  append_name(out, "ref");
  append_digits(out, ref);
  append_cursor_and_members(out, entry);
}

Result<std::optional<ServerFrame>> read_server_frame(std::string_view text) {
  const auto object = json::parse(text, frame_depth_most);
  if (!object) return object.error();
  const json::Value* type = json::find(*object, "type");
  if (!type || !type->is_string()) {
    return Error{ErrorCode::invalid_request, "A frame must be an object with a `type`.", ""};
  }
  const auto& name = type->get_ref<const std::string&>();
  std::optional<ServerFrame> frame;
  if (name == "alive") {
    frame.emplace(AliveFrame{});
    return frame;
  }
  auto event = read_event(name, *object);
  if (!event) return event.error();
  if (*event) {
    const stream::Cursor cursor = unsigned_or_zero(*object, "cursor");
    frame.emplace(EventFrame{uint32_or_zero(*object, "ref"), {cursor, **std::move(event)}});
  }
  return frame;
}

/// JSON of ours has no line ends, so the data is one line and may be written in place.
void append_sse(std::string& out, const stream::EntryView& entry) {
  sse::append_event_head(out, stream::type_name(entry), entry.cursor);
  const std::size_t begin = out.size();
  append_members(out, entry);
  close_object(out, begin);
  out += "\n\n";
}

void append_sse(std::string& out, const stream::Entry& entry) {
  append_sse(out, stream::view(entry));
}

Result<std::optional<stream::Entry>> read_sse(std::string_view type, std::string_view id,
                                              std::string_view data) {
  const auto object = json::parse(data, frame_depth_most);
  if (!object) return object.error();
  auto event = read_event(type, *object);
  if (!event) return event.error();
  std::optional<stream::Entry> entry;
  if (*event) entry = stream::Entry{read_cursor(id), **std::move(event)};
  return entry;
}

std::string write_event(const stream::Entry& entry) {
  std::string out;
  append_head(out, stream::view(entry));
  append_cursor_and_members(out, stream::view(entry));
  return out;
}

}  // namespace weir::wire
