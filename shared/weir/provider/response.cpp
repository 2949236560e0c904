#include "weir/provider/response.hpp"

#include <utility>

#include "weir/provider/json_members.hpp"
#include "weir/provider/lenient_json.hpp"

namespace weir::provider {

// -- any response

ResponseCodec::ResponseCodec(ErrorContext context, const limits::Provider& limits)
    : context_(std::move(context)), limits_(limits) {}

void ResponseCodec::head(int status, const std::vector<Header>& headers, Events& out) {
  status_ = status;
  refused_ = status < 200 || status >= 300;
  if (refused_) {
    headers_ = headers;
  } else if (auto failed = unreadable(context_, headers)) {
    fail(*std::move(failed), out);
  }
}

void ResponseCodec::bytes(std::string_view bytes, Events& out) {
  if (ended_) return;
  if (!refused_) return read(bytes, out);
  body_ += bytes.substr(0, limits_.error_body_bytes - body_.size());
  // Whoever says more than that may never end.
  if (body_.size() == limits_.error_body_bytes) fail(refusal(status_, headers_, body_), out);
}

void ResponseCodec::end(bool clean, Events& out) {
  if (ended_) return;
  if (refused_) return fail(refusal(status_, headers_, body_), out);
  if (clean) {
    at_end_ = true;
    read_rest(out);
    if (ended_) return;
  }
  finish_reason_.empty() ? fail(cut(context_), out) : finish(out);
}

void ResponseCodec::reasoning(std::string text, Events& out) const {
  if (!text.empty()) out.push_back(stream::Reasoning{std::move(text)});
}

void ResponseCodec::delta(std::string text, Events& out) const {
  if (!text.empty()) out.push_back(stream::Delta{std::move(text)});
}

void ResponseCodec::tool_call(stream::ToolCall call, Events& out) const {
  out.push_back(std::move(call));
}

void ResponseCodec::finish(Events& out) {
  push_usage(out);
  out.push_back(stream::Done{finish_reason_.empty() ? "stop" : finish_reason_});
  ended_ = true;
}

void ResponseCodec::fail(stream::Failed failed, Events& out) {
  push_usage(out);
  out.push_back(std::move(failed));
  ended_ = true;
}

void ResponseCodec::push_usage(Events& out) const {
  if (usage_) out.push_back(*usage_);
}

// -- a stream of events

EventStreamCodec::EventStreamCodec(ErrorContext context, const limits::Provider& limits)
    : ResponseCodec(std::move(context), limits), parser_(limits.line_bytes) {}

void EventStreamCodec::read(std::string_view bytes, Events& out) {
  if (in_object_) return collect(bytes, out);
  const std::size_t object = begin_of_object(bytes);
  parser_.feed(bytes.substr(0, object));
  take_events(out);
  if (object == std::string_view::npos || ended()) return;
  in_object_ = true;
  collect(bytes.substr(object), out);
}

/// Where a line begins as none of an event stream does: with JSON, or with a web page.
std::size_t EventStreamCodec::begin_of_object(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    if (at_line_start_ && (bytes[at] == '{' || bytes[at] == '[' || bytes[at] == '<')) return at;
    at = bytes.find('\n', at);
    at_line_start_ = at != std::string_view::npos;
    if (!at_line_start_) break;
    ++at;
  }
  return std::string_view::npos;
}

void EventStreamCodec::read_rest(Events& out) {
  if (in_object_) return take_object(out);
  // Some servers leave out the last blank line, without which an event is not dispatched.
  parser_.feed("\n\n");
  take_events(out);
}

void EventStreamCodec::take_events(Events& out) {
  while (!ended()) {
    const auto event = parser_.next_view();
    if (!event) break;
    take_event(*event, out);
  }
  if (parser_.error() && !ended()) fail(message_too_large(context(), limits().line_bytes), out);
}

void EventStreamCodec::take_event(const sse::MessageView& event, Events& out) {
  const auto message = parse_lenient(event.data);
  if (message && message->is_object()) return take(event.event, *message, out);
  if (!at_end()) fail(provider::not_its_protocol(context(), messages_are()), out);
}

void EventStreamCodec::collect(std::string_view bytes, Events& out) {
  object_ += bytes;
  if (object_.size() > limits().line_bytes) {
    fail(message_too_large(context(), limits().line_bytes), out);
  }
}

/// What came in place of events is an error, or nothing of this provider's.
void EventStreamCodec::take_object(Events& out) {
  auto object = parse_lenient(object_);
  if (object && object->is_array() && !object->empty()) object = object->front();
  if (object && member(*object, "error")) return fail(error_in(*object), out);
  if (finish_reason().empty()) fail(provider::not_its_protocol(context(), messages_are()), out);
}

}  // namespace weir::provider
