#include "weir/stream/answer_log.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"

namespace weir::stream {
namespace {

/// What one event adds to a read besides its text: its frame, roughly.
constexpr std::size_t frame_bytes = 48;

/// What the objects themselves cost, the same on every build: the log sheds by it, and what a
/// reader sees must not depend on the machine.
constexpr std::size_t entry_bytes = 200;
constexpr std::size_t passage_bytes = 48;
constexpr std::size_t dropped_passage_bytes = 80;
static_assert(sizeof(Entry) <= entry_bytes && sizeof(PassageRef) <= passage_bytes &&
              sizeof(DroppedPassage) <= dropped_passage_bytes);

/// The bytes an event holds outside its own object.
struct HeldBytes {
  std::size_t operator()(const Accepted& event) const {
    std::size_t sum = event.provider.size() + event.model.size();
    for (const PassageRef& kept : event.kept) sum += passage_bytes + kept.path.size();
    for (const DroppedPassage& dropped : event.dropped) {
      sum += dropped_passage_bytes + dropped.passage.path.size() + dropped.why.size();
    }
    return sum;
  }
  std::size_t operator()(const Notice& event) const { return event.message.size(); }
  std::size_t operator()(const Reasoning& event) const { return event.text.size(); }
  std::size_t operator()(const Delta& event) const { return event.text.size(); }
  std::size_t operator()(const ToolCall& event) const {
    return event.id.size() + event.name.size() + event.arguments.size();
  }
  std::size_t operator()(const Done& event) const { return event.finish_reason.size(); }
  std::size_t operator()(const Failed& event) const {
    return event.error.message.size() + event.error.hint.size() + event.provider.size();
  }
  std::size_t operator()(const Queued&) const { return 0; }
  std::size_t operator()(const Usage&) const { return 0; }
  std::size_t operator()(const Gap&) const { return 0; }
};

template <class Text>
bool join_as(Entry& entry, const Entry& next, std::size_t joined_most) {
  auto* text = std::get_if<Text>(&entry.event);
  const auto* more = std::get_if<Text>(&next.event);
  if (!text || !more || text->text.size() + more->text.size() > joined_most) return false;
  text->text += more->text;
  entry.cursor = next.cursor;
  return true;
}

bool join(Entry& entry, const Entry& next, std::size_t joined_most) {
  return join_as<Delta>(entry, next, joined_most) || join_as<Reasoning>(entry, next, joined_most);
}

}  // namespace

std::size_t footprint(const Event& event) {
  return entry_bytes + std::visit(HeldBytes{}, event);
}

Cursor AnswerLog::append(Event event) {
  WEIR_ASSERT(!ended_);
  WEIR_ASSERT(!std::holds_alternative<Gap>(event));
  bytes_ += footprint(event);
  ended_ = ends_answer(event);
  entries_.push_back({next_, std::move(event)});
  shed(bytes_most_);
  return next_++;
}

void AnswerLog::shed(std::size_t bytes_most) {
  std::size_t drop_end = 1;
  while (bytes_ > bytes_most && drop_end + 1 < entries_.size()) {
    bytes_ -= footprint(entries_[drop_end++].event);
  }
  if (drop_end == 1) return;
  // The kept head steps over the dropped ones, which then leave at the deque's cheap end.
  std::swap(entries_[0], entries_[drop_end - 1]);
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(drop_end - 1));
}

/// The place of the oldest kept event behind `cursor`.
std::size_t AnswerLog::first_after(Cursor cursor) const {
  if (cursor == 0) return 0;
  if (cursor > last()) return entries_.size();
  const Cursor behind = std::min<Cursor>(last() - cursor, entries_.size() - 1);
  return entries_.size() - static_cast<std::size_t>(behind);
}

std::vector<Entry> AnswerLog::read(Cursor after, std::size_t bytes_most,
                                   std::size_t joined_most) const {
  std::vector<Entry> out;
  std::size_t bytes = 0;
  Cursor before = after;
  for (std::size_t i = first_after(after); i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    const std::size_t held = std::visit(HeldBytes{}, entry.event);
    if (!out.empty() && bytes + held > bytes_most) break;
    if (entry.cursor != before + 1) out.push_back({0, Gap{entry.cursor}});
    before = entry.cursor;
    bytes += held;
    if (!out.empty() && join(out.back(), entry, joined_most)) continue;
    out.push_back(entry);
    bytes += frame_bytes;
  }
  return out;
}

}  // namespace weir::stream
