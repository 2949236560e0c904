#include "weir/stream/event.hpp"

#include <array>
#include <utility>

namespace weir::stream {
namespace {

/// In the order of Event's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<Event>> type_names = {
    "accepted", "queued",    "notice", "reasoning", "delta",
    "usage",    "tool_call", "done",   "error",     "gap"};

constexpr std::array<std::pair<Notice::Kind, std::string_view>, 4> notice_names = {{
    {Notice::Kind::context_dropped, "context_dropped"},
    {Notice::Kind::provider_switched, "provider_switched"},
    {Notice::Kind::retrying, "retrying"},
    {Notice::Kind::draining, "draining"},
}};

}  // namespace

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

}  // namespace weir::stream
