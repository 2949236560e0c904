#include "weir/stream/answer_log.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"

namespace weir::stream {
namespace {

/// What the objects themselves cost, the same on every build: the log sheds by it, and what a
/// reader sees must not depend on the machine.
constexpr std::size_t entry_bytes = 200;
constexpr std::size_t passage_bytes = 48;
constexpr std::size_t dropped_passage_bytes = 80;
static_assert(sizeof(Entry) <= entry_bytes && sizeof(PassageRef) <= passage_bytes &&
              sizeof(DroppedPassage) <= dropped_passage_bytes);

/// A read that begins in the middle passes over at most this many records.
constexpr Cursor records_per_mark = 32;
/// Dropped bytes are given back once there are so many, and more of them than of kept ones.
constexpr std::size_t dropped_bytes_least = 1024;

/// A record's head: 0 where an event stands in its place, otherwise the text's length and kind, in
/// groups of seven bits, the lowest first.
constexpr char event_head = 0;

void append_text_head(std::string& out, std::size_t length, bool reasoning) {
  std::size_t rest = (length + 1) << 1 | (reasoning ? 1 : 0);
  for (; rest >= 0x80; rest >>= 7) out += static_cast<char>(0x80 | (rest & 0x7f));
  out += static_cast<char>(rest);
}

std::size_t text_head_bytes(std::size_t length) {
  std::size_t bytes = 1;
  for (std::size_t rest = (length + 1) << 1; rest >= 0x80; rest >>= 7) ++bytes;
  return bytes;
}

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
  std::size_t operator()(const Notice& event) const {
    return event.message.size() + event.provider.size() + event.model.size();
  }
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

bool is_text(const Event& event) {
  return std::holds_alternative<Delta>(event) || std::holds_alternative<Reasoning>(event);
}

}  // namespace

std::size_t footprint(const Event& event) {
  const std::size_t held = std::visit(HeldBytes{}, event);
  return is_text(event) ? text_head_bytes(held) + held : 1 + entry_bytes + held;
}

// -- writing

Cursor AnswerLog::append(Event event) {
  WEIR_ASSERT(!ended_);
  WEIR_ASSERT(!std::holds_alternative<Gap>(event));
  bytes_ += footprint(event);
  ended_ = ends_answer(event);
  if (const auto* delta = std::get_if<Delta>(&event)) {
    append_text(delta->text, false);
  } else if (const auto* reasoning = std::get_if<Reasoning>(&event)) {
    append_text(reasoning->text, true);
  } else if (next_ == 1) {
    first_ = Entry{next_, std::move(event)};
    kept_from_ = 2;
  } else {
    mark();
    records_ += event_head;
    events_.push_back({next_, std::move(event)});
  }
  shed(bytes_most_);
  return next_++;
}

void AnswerLog::append_text(std::string_view text, bool reasoning) {
  mark();
  append_text_head(records_, text.size(), reasoning);
  records_ += text;
}

/// To be called before the record of `next_` is written.
void AnswerLog::mark() {
  if (next_ % records_per_mark != 0) return;
  if (marks_.empty()) first_mark_ = next_;
  marks_.push_back(dropped_bytes_ + records_.size());
}

void AnswerLog::shed(std::size_t bytes_most) {
  while (bytes_ > bytes_most && record_at(begin_).end < records_.size()) drop_oldest();
  compact();
}

void AnswerLog::drop_oldest() {
  const Record oldest = record_at(begin_);
  if (oldest.is_text) {
    bytes_ -= oldest.end - begin_;
  } else {
    bytes_ -= footprint(events_[first_event_].event);
    events_[first_event_++].event = Usage{};  // what it held is given back at once
  }
  begin_ = oldest.end;
  ++kept_from_;
}

/// Every byte is moved a bounded number of times, however much is shed.
void AnswerLog::compact() {
  if (begin_ < dropped_bytes_least || begin_ <= records_.size() / 2) return;
  records_.erase(0, begin_);
  dropped_bytes_ += begin_;
  begin_ = 0;
  events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(first_event_));
  first_event_ = 0;
  const auto kept = std::lower_bound(marks_.begin(), marks_.end(), dropped_bytes_);
  first_mark_ += static_cast<Cursor>(kept - marks_.begin()) * records_per_mark;
  marks_.erase(marks_.begin(), kept);
}

// -- reading

AnswerLog::Record AnswerLog::record_at(std::size_t place) const {
  if (place >= records_.size()) return {false, false, {}, place};
  if (records_[place] == event_head) return {false, false, {}, place + 1};
  std::size_t head = 0;
  unsigned shift = 0;
  do {
    head |= static_cast<std::size_t>(records_[place] & 0x7f) << shift;
    shift += 7;
  } while ((records_[place++] & 0x80) != 0);
  const std::size_t length = (head >> 1) - 1;
  return {true, (head & 1) != 0, std::string_view(records_).substr(place, length), place + length};
}

/// Where the record of a kept cursor begins.
std::size_t AnswerLog::place_of(Cursor cursor) const {
  Cursor at = kept_from_;
  std::size_t place = begin_;
  if (!marks_.empty() && cursor >= first_mark_) {
    const Cursor mark =
        std::min<Cursor>((cursor - first_mark_) / records_per_mark, marks_.size() - 1);
    const Cursor marked = first_mark_ + mark * records_per_mark;
    if (marked > at) {
      at = marked;
      place = static_cast<std::size_t>(marks_[static_cast<std::size_t>(mark)] - dropped_bytes_);
    }
  }
  for (; at < cursor; ++at) place = record_at(place).end;
  return place;
}

const Entry& AnswerLog::event_at(Cursor cursor) const {
  const auto from = events_.begin() + static_cast<std::ptrdiff_t>(first_event_);
  return *std::lower_bound(from, events_.end(), cursor,
                           [](const Entry& entry, Cursor sought) { return entry.cursor < sought; });
}

std::optional<EntryView> AnswerLog::next(Cursor after, std::size_t joined_most,
                                         std::string& joined) const {
  if (after >= last()) return std::nullopt;
  if (after == 0 && first_) return view(*first_);
  const Cursor cursor = after + 1;
  if (cursor < kept_from_) return EntryView{0, Gap{kept_from_}};
  return entry_from(cursor, joined_most, joined);
}

/// A text that has no neighbour to be joined with is shown where it lies.
std::optional<EntryView> AnswerLog::entry_from(Cursor cursor, std::size_t joined_most,
                                               std::string& joined) const {
  Record record = record_at(place_of(cursor));
  if (!record.is_text) return view(event_at(cursor));
  const bool reasoning = record.reasoning;
  std::string_view text = record.text;
  for (bool first = true; record.end < records_.size(); first = false) {
    record = record_at(record.end);
    const bool joins = record.is_text && record.reasoning == reasoning &&
                       text.size() + record.text.size() <= joined_most;
    if (!joins) break;
    if (first) joined = text;
    joined += record.text;
    text = joined;
    ++cursor;
  }
  return EntryView{cursor, EntryView::Text{reasoning, text}};
}

Entry AnswerLog::back() const {
  std::string joined;
  return to_entry(*next(last() - 1, 0, joined));
}

std::size_t AnswerLog::bytes_after(Cursor after) const {
  if (after >= last()) return 0;
  return records_.size() - (after < kept_from_ ? begin_ : place_of(after + 1));
}

}  // namespace weir::stream
