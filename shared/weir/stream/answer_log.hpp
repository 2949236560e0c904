#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/stream/event.hpp"

namespace weir::stream {

/// The append-only log of one answer. Everything a reader can want (resume, follow, a slow socket,
/// a second tab) is a read from a cursor; the log knows no readers.
///
/// Cursors count 1, 2, 3, ... and never come back. When the log passes `bytes_most` its oldest
/// events go, but never the first (`accepted`) nor the last; where a read passes the lost ones, a
/// `Gap` stands in their place.
///
/// Texts, which nearly all events are, lie one behind the other in one block of bytes; an event of
/// a few letters costs a few bytes, and no allocation.
class AnswerLog {
 public:
  explicit AnswerLog(std::size_t bytes_most) : bytes_most_(bytes_most) {}

  /// Logs an event; nothing may follow one that ends the answer. Gap is never logged.
  Cursor append(Event event);

  /// What stands behind `after`: an event; neighbouring deltas (or reasonings) joined up to
  /// `joined_most` bytes, under the last one's cursor; or the gap where events were lost. Nothing
  /// at the end. The view holds until the log changes or `joined`, which may hold its text, does.
  std::optional<EntryView> next(Cursor after, std::size_t joined_most, std::string& joined) const;

  /// Lets the oldest events go until the log is at most this large, keeping the first and the last:
  /// for a host that bounds many logs together.
  void shed(std::size_t bytes_most);

  /// The newest event. The log must not be empty.
  Entry back() const;
  Cursor last() const { return next_ - 1; }
  bool ended() const { return ended_; }
  /// Nothing was lost of it.
  bool whole() const { return kept_from_ == (first_ ? 2 : 1); }
  std::size_t bytes() const { return bytes_; }
  /// What a reader at this cursor has still to read, roughly.
  std::size_t bytes_after(Cursor after) const;

 private:
  /// A record of `records_`: a text's length and kind with the text behind it, or the place of an
  /// event that stands in `events_`.
  struct Record {
    bool is_text = false;
    bool reasoning = false;
    std::string_view text;
    std::size_t end = 0;  ///< where the next record begins
  };

  void append_text(std::string_view text, bool reasoning);
  void mark();
  Record record_at(std::size_t place) const;
  std::size_t place_of(Cursor cursor) const;
  const Entry& event_at(Cursor cursor) const;
  std::optional<EntryView> entry_from(Cursor cursor, std::size_t joined_most,
                                      std::string& joined) const;
  void drop_oldest();
  void compact();

  std::size_t bytes_most_;
  std::size_t bytes_ = 0;
  Cursor next_ = 1;
  bool ended_ = false;

  std::optional<Entry> first_;  ///< of cursor 1, unless that is a text
  /// One record an event, from `kept_from_` on without a hole; the oldest begins at `begin_`, what
  /// lies before it is dropped.
  std::string records_;
  std::size_t begin_ = 0;
  Cursor kept_from_ = 1;
  /// The kept events that are no texts, from `first_event_` on.
  std::vector<Entry> events_;
  std::size_t first_event_ = 0;
  /// Where every 32nd record stands, counted from the first byte ever logged.
  std::vector<std::uint64_t> marks_;
  Cursor first_mark_ = 0;            ///< the cursor of marks_[0]
  std::uint64_t dropped_bytes_ = 0;  ///< before records_[0]
};

/// What an event costs in memory, roughly; the same on every build, since a reader's gaps must not
/// depend on the machine.
std::size_t footprint(const Event& event);

}  // namespace weir::stream
