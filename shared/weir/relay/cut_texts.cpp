#include "weir/relay/cut_texts.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "weir/text/utf8.hpp"

namespace weir::relay {
namespace {

using stream::Event;

/// The text of an event whose pieces readers put together again; null for any other event.
std::string* text_of(Event& event) {
  if (auto* delta = std::get_if<stream::Delta>(&event)) return &delta->text;
  if (auto* reasoning = std::get_if<stream::Reasoning>(&event)) return &reasoning->text;
  if (auto* call = std::get_if<stream::ToolCall>(&event)) return &call->arguments;
  return nullptr;
}

/// Of a tool call, only the first piece is named.
Event without_text(const Event& event) {
  if (const auto* call = std::get_if<stream::ToolCall>(&event)) {
    return stream::ToolCall{call->index, "", "", ""};
  }
  if (std::holds_alternative<stream::Reasoning>(event)) return stream::Reasoning{};
  return stream::Delta{};
}

bool is_short(Event& event, std::size_t bytes_most) {
  const std::string* text = text_of(event);
  return !text || text->size() <= bytes_most;
}

void append_pieces(Event event, std::size_t bytes_most, std::vector<Event>& out) {
  const std::string whole = std::exchange(*text_of(event), {});
  std::string_view rest = whole;
  while (!rest.empty()) {
    const std::size_t cut = std::max<std::size_t>(text::utf8_floor(rest, bytes_most), 1);
    *text_of(event) = rest.substr(0, cut);
    rest.remove_prefix(cut);
    Event next = without_text(event);
    out.push_back(std::exchange(event, std::move(next)));
  }
}

}  // namespace

std::vector<Event> cut_texts(std::vector<Event> events, std::size_t bytes_most) {
  const auto fits = [&](Event& event) { return is_short(event, bytes_most); };
  if (std::all_of(events.begin(), events.end(), fits)) return events;
  std::vector<Event> out;
  for (Event& event : events) {
    if (fits(event)) {
      out.push_back(std::move(event));
    } else {
      append_pieces(std::move(event), bytes_most, out);
    }
  }
  return out;
}

}  // namespace weir::relay
