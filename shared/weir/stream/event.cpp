#include "weir/stream/event.hpp"

#include <array>
#include <utility>

namespace weir::stream {
namespace {

/// In the order of Event's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<Event>> type_names = {
    "accepted", "queued",    "notice", "reasoning", "delta",
    "usage",    "tool_call", "done",   "error",     "gap"};

constexpr std::array<std::pair<Notice::Kind, std::string_view>, 5> notice_names = {{
    {Notice::Kind::no_passages, "no_passages"},
    {Notice::Kind::context_dropped, "context_dropped"},
    {Notice::Kind::provider_switched, "provider_switched"},
    {Notice::Kind::retrying, "retrying"},
    {Notice::Kind::draining, "draining"},
}};

constexpr std::array<std::pair<Reused, std::string_view>, 3> reused_names = {{
    {Reused::no, "no"},
    {Reused::running, "running"},
    {Reused::ended, "ended"},
}};

}  // namespace

std::string_view name(Reused reused) {
  return reused_names[static_cast<std::size_t>(reused)].second;
}

std::optional<Reused> reused(std::string_view name) {
  for (const auto& [reused, known] : reused_names) {
    if (known == name) return reused;
  }
  return std::nullopt;
}

std::string_view type_name(const Event& event) {
  return type_names[event.index()];
}

std::string_view name(Notice::Kind kind) {
  for (const auto& [known, text] : notice_names) {
    if (known == kind) return text;
  }
  return "retrying";
}

std::optional<Notice::Kind> notice_kind(std::string_view name) {
  for (const auto& [kind, known] : notice_names) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

bool ends_answer(const Event& event) {
  return std::holds_alternative<Done>(event) || std::holds_alternative<Failed>(event);
}

// -- views

EntryView view(const Entry& entry) {
  if (const auto* delta = std::get_if<Delta>(&entry.event)) {
    return {entry.cursor, EntryView::Text{false, delta->text}};
  }
  if (const auto* reasoning = std::get_if<Reasoning>(&entry.event)) {
    return {entry.cursor, EntryView::Text{true, reasoning->text}};
  }
  if (const auto* gap = std::get_if<Gap>(&entry.event)) return {entry.cursor, *gap};
  return {entry.cursor, &entry.event};
}

Entry to_entry(const EntryView& view) {
  if (const auto* text = std::get_if<EntryView::Text>(&view.event)) {
    if (text->reasoning) return {view.cursor, Reasoning{std::string(text->text)}};
    return {view.cursor, Delta{std::string(text->text)}};
  }
  if (const auto* gap = std::get_if<Gap>(&view.event)) return {view.cursor, *gap};
  return {view.cursor, *std::get<const Event*>(view.event)};
}

std::string_view type_name(const EntryView& view) {
  if (const auto* text = std::get_if<EntryView::Text>(&view.event)) {
    return text->reasoning ? "reasoning" : "delta";
  }
  if (std::holds_alternative<Gap>(view.event)) return "gap";
  return type_name(*std::get<const Event*>(view.event));
}

bool ends_answer(const EntryView& view) {
  const auto* event = std::get_if<const Event*>(&view.event);
  return event && ends_answer(**event);
}

}  // namespace weir::stream
