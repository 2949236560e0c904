#include "spec/runner/subjects/events.hpp"

#include "spec/runner/words.hpp"

namespace weir::spec {
namespace {

std::string quoted(std::string_view text) {
  return "\"" + escape(text) + "\"";
}

std::string members(const stream::Accepted& event) {
  std::string text = " " + event.provider + " " + event.model;
  if (!event.kept.empty()) text += " kept=" + std::to_string(event.kept.size());
  if (!event.dropped.empty()) text += " dropped=" + std::to_string(event.dropped.size());
  return text;
}
std::string members(const stream::Queued& event) {
  return " " + std::to_string(event.position);
}
std::string members(const stream::Notice& event) {
  std::string text = " " + std::string(name(event.kind));
  if (!event.message.empty()) text += " " + quoted(event.message);
  return text;
}
std::string members(const stream::Reasoning& event) {
  return " " + quoted(event.text);
}
std::string members(const stream::Delta& event) {
  return " " + quoted(event.text);
}
std::string members(const stream::Usage& event) {
  return " " + std::to_string(event.prompt) + "+" + std::to_string(event.completion);
}
std::string members(const stream::ToolCall& event) {
  return " " + std::to_string(event.index) + " id=" + event.id + " name=" + event.name + " " +
         quoted(event.arguments);
}
std::string members(const stream::Done& event) {
  return " " + event.finish_reason;
}
std::string members(const stream::Failed& event) {
  std::string text = " " + std::string(name(event.error.code));
  if (!event.provider.empty()) text += " provider=" + event.provider;
  if (event.retryable) text += " retryable";
  if (event.retry_after) text += " after=" + std::to_string(event.retry_after->count()) + "ms";
  return text + " " + quoted(event.error.message);
}
std::string members(const stream::Gap& event) {
  return " kept_from=" + std::to_string(event.kept_from);
}

}  // namespace

std::string print(const stream::Event& event) {
  return print(stream::Entry{0, event});
}

std::string print(const stream::Entry& entry) {
  std::string text(stream::type_name(entry.event));
  if (entry.cursor != 0) text += " #" + std::to_string(entry.cursor);
  return text + std::visit([](const auto& event) { return members(event); }, entry.event);
}

}  // namespace weir::spec
