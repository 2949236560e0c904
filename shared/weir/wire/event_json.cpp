#include "weir/wire/event_json.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "weir/base/digits.hpp"

namespace weir::wire {
namespace {

using stream::Event;

constexpr std::array<std::pair<std::string_view, std::uint32_t stream::Timing::*>, 7>
    timing_members = {{
        {"retrieval_ms", &stream::Timing::retrieval_ms},
        {"queue_ms", &stream::Timing::queue_ms},
        {"connect_ms", &stream::Timing::connect_ms},
        {"first_ms", &stream::Timing::first_ms},
        {"text_ms", &stream::Timing::text_ms},
        {"whole_ms", &stream::Timing::whole_ms},
        {"calls", &stream::Timing::calls},
    }};

void append_text(std::string& out, std::string_view name, std::string_view text) {
  append_name(out, name);
  json::append_string(out, text);
}

void append_text_unless_empty(std::string& out, std::string_view name, std::string_view text) {
  if (!text.empty()) append_text(out, name, text);
}

void append_number(std::string& out, std::string_view name, std::uint64_t number) {
  append_name(out, name);
  append_digits(out, number);
}

void append_boolean(std::string& out, std::string_view name, bool value) {
  append_name(out, name);
  out += value ? "true" : "false";
}

void append_passage(std::string& out, const PassageRef& passage) {
  append_text(out, "path", passage.path);
  append_number(out, "start_line", passage.start_line);
  append_number(out, "end_line", passage.end_line);
}

void append_item(std::string& out, const PassageRef& passage) {
  append_passage(out, passage);
}
void append_item(std::string& out, const stream::DroppedPassage& dropped) {
  append_passage(out, dropped.passage);
  append_text(out, "why", dropped.why);
}

void append_item(std::string& out, const stream::Timing& timing) {
  for (const auto& [name, member] : timing_members) append_number(out, name, timing.*member);
}
void append_item(std::string& out, const stream::Price& price) {
  append_number(out, "micros", price.micros);
  append_text(out, "currency", price.currency);
}

template <class Item>
void append_object(std::string& out, std::string_view name, const Item& item) {
  append_name(out, name);
  const std::size_t begin = out.size();
  append_item(out, item);
  close_object(out, begin);
}

template <class Item>
void append_list(std::string& out, std::string_view name, const std::vector<Item>& items) {
  append_name(out, name);
  out += '[';
  for (const Item& item : items) {
    if (&item != &items.front()) out += ',';
    const std::size_t begin = out.size();
    append_item(out, item);
    close_object(out, begin);
  }
  out += ']';
}

struct MemberWriter {
  std::string& out;

  void operator()(const stream::Accepted& event) const {
    append_text(out, "answer", to_hex(event.answer));
    append_text(out, "provider", event.provider);
    append_text(out, "model", event.model);
    append_number(out, "prompt_tokens", event.prompt_tokens);
    append_number(out, "context_tokens", event.context_tokens);
    append_boolean(out, "exact", event.exact);
    append_list(out, "kept", event.kept);
    append_list(out, "dropped", event.dropped);
    append_number(out, "dropped_messages", event.dropped_messages);
    if (event.reused != stream::Reused::no) append_text(out, "reused", name(event.reused));
  }
  void operator()(const stream::Queued& event) const {
    append_number(out, "position", event.position);
  }
  void operator()(const stream::Notice& event) const {
    append_text(out, "kind", name(event.kind));
    append_text(out, "message", event.message);
    if (event.provider.empty()) return;
    append_text(out, "provider", event.provider);
    append_text(out, "model", event.model);
  }
  void operator()(const stream::Reasoning& event) const { append_text(out, "text", event.text); }
  void operator()(const stream::Delta& event) const { append_text(out, "text", event.text); }
  void operator()(const stream::EntryView::Text& event) const {
    append_text(out, "text", event.text);
  }
  void operator()(const Event* event) const { std::visit(*this, *event); }
  void operator()(const stream::Usage& event) const {
    append_number(out, "prompt", event.prompt);
    append_number(out, "completion", event.completion);
  }
  void operator()(const stream::ToolCall& event) const {
    append_number(out, "index", event.index);
    append_text_unless_empty(out, "id", event.id);
    append_text_unless_empty(out, "name", event.name);
    append_text(out, "arguments", event.arguments);
  }
  void operator()(const stream::Done& event) const {
    append_text(out, "finish_reason", event.finish_reason);
    if (event.timing) append_object(out, "timing", *event.timing);
    if (event.price) append_object(out, "price", *event.price);
  }
  void operator()(const stream::Failed& event) const {
    append_text(out, "code", name(event.error.code));
    append_text(out, "message", event.error.message);
    append_text_unless_empty(out, "hint", event.error.hint);
    append_text_unless_empty(out, "provider", event.provider);
    append_boolean(out, "retryable", event.retryable);
    if (event.retry_after) {
      const auto most = std::max<std::int64_t>(event.retry_after->count(), 0);
      append_number(out, "retry_after_ms", static_cast<std::uint64_t>(most));
    }
  }
  void operator()(const stream::Gap& event) const {
    append_number(out, "kept_from", event.kept_from);
  }
};

PassageRef read_passage(const json::Value& object) {
  return {json::string_or(object, "path"), uint32_or_zero(object, "start_line"),
          uint32_or_zero(object, "end_line")};
}

template <class Item, class Read>
std::vector<Item> read_list(const json::Value& object, std::string_view member, Read read) {
  std::vector<Item> items;
  const json::Value* list = json::find(object, member);
  if (!list || !list->is_array()) return items;
  items.reserve(list->size());
  for (const json::Value& value : *list) items.push_back(read(value));
  return items;
}

Result<stream::Accepted> read_accepted(const json::Value& members) {
  const auto answer = id128_from_hex(json::string_or(members, "answer"));
  if (!answer) {
    return Error{ErrorCode::invalid_request, "The event `accepted` names no answer.", ""};
  }
  stream::Accepted event;
  event.answer = *answer;
  event.provider = json::string_or(members, "provider");
  event.model = json::string_or(members, "model");
  event.prompt_tokens = uint32_or_zero(members, "prompt_tokens");
  event.context_tokens = uint32_or_zero(members, "context_tokens");
  event.exact = json::boolean_or(members, "exact", true);
  event.kept = read_list<PassageRef>(members, "kept", read_passage);
  event.dropped =
      read_list<stream::DroppedPassage>(members, "dropped", [](const json::Value& value) {
        return stream::DroppedPassage{read_passage(value), json::string_or(value, "why")};
      });
  event.dropped_messages = uint32_or_zero(members, "dropped_messages");
  event.reused = stream::reused(json::string_or(members, "reused")).value_or(stream::Reused::no);
  return event;
}

stream::Done read_done(const json::Value& members) {
  stream::Done done;
  done.finish_reason = json::string_or(members, "finish_reason");
  if (const json::Value* timing = json::find(members, "timing")) {
    done.timing.emplace();
    for (const auto& [name, member] : timing_members) {
      (*done.timing).*member = uint32_or_zero(*timing, name);
    }
  }
  if (const json::Value* price = json::find(members, "price")) {
    done.price = {unsigned_or_zero(*price, "micros"), json::string_or(*price, "currency")};
  }
  return done;
}

stream::ToolCall read_tool_call(const json::Value& members) {
  return {uint32_or_zero(members, "index"), json::string_or(members, "id"),
          json::string_or(members, "name"), json::string_or(members, "arguments")};
}

}  // namespace

void append_name(std::string& out, std::string_view name) {
  out += ",\"";
  out += name;
  out += "\":";
}

void append_members(std::string& out, const stream::EntryView& entry) {
  std::visit(MemberWriter{out}, entry.event);
}

void close_object(std::string& out, std::size_t begin) {
  out[begin] = '{';
  out += '}';
}

std::uint64_t exact_or_zero(std::int64_t number) {
  constexpr std::int64_t exact_most = 1LL << 53;  // what a JavaScript number holds exactly
  return number >= 0 && number <= exact_most ? static_cast<std::uint64_t>(number) : 0;
}

std::uint64_t unsigned_or_zero(const json::Value& object, std::string_view member) {
  return exact_or_zero(json::integer_or(object, member, 0));
}

std::uint32_t uint32_or_zero(const json::Value& object, std::string_view member) {
  const std::uint64_t number = unsigned_or_zero(object, member);
  return number <= UINT32_MAX ? static_cast<std::uint32_t>(number) : 0;
}

stream::Failed read_failed(const json::Value& members) {
  stream::Failed failed;
  failed.error.code = error_code(json::string_or(members, "code")).value_or(ErrorCode::internal);
  failed.error.message = json::string_or(members, "message");
  failed.error.hint = json::string_or(members, "hint");
  failed.provider = json::string_or(members, "provider");
  failed.retryable = json::boolean_or(members, "retryable", false);
  const std::int64_t retry_after = json::integer_or(members, "retry_after_ms", -1);
  if (retry_after >= 0) failed.retry_after = std::chrono::milliseconds(retry_after);
  return failed;
}

Result<std::optional<Event>> read_event(std::string_view type, const json::Value& members) {
  using Read = std::optional<Event>;
  if (type == "delta") return Read(stream::Delta{json::string_or(members, "text")});
  if (type == "reasoning") return Read(stream::Reasoning{json::string_or(members, "text")});
  if (type == "accepted") {
    auto accepted = read_accepted(members);
    if (!accepted) return accepted.error();
    return Read(*std::move(accepted));
  }
  if (type == "queued") return Read(stream::Queued{uint32_or_zero(members, "position")});
  if (type == "notice") {
    const auto kind = stream::notice_kind(json::string_or(members, "kind"));
    if (!kind) return Read();
    return Read(stream::Notice{*kind, json::string_or(members, "message"),
                               json::string_or(members, "provider"),
                               json::string_or(members, "model")});
  }
  if (type == "usage") {
    return Read(
        stream::Usage{uint32_or_zero(members, "prompt"), uint32_or_zero(members, "completion")});
  }
  if (type == "tool_call") return Read(read_tool_call(members));
  if (type == "done") return Read(read_done(members));
  if (type == "error") return Read(read_failed(members));
  if (type == "gap") return Read(stream::Gap{unsigned_or_zero(members, "kept_from")});
  return Read();
}

}  // namespace weir::wire
