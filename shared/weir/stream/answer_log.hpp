#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "weir/stream/event.hpp"

namespace weir::stream {

/// The append-only log of one answer. Everything a reader can want (resume, follow, a slow socket,
/// a second tab) is a read from a cursor; the log knows no readers.
///
/// Cursors count 1, 2, 3, ... and never come back. When the log passes `bytes_most` its oldest
/// events go, but never the first (`accepted`) nor the last; where a read passes the lost ones, a
/// `Gap` stands in their place.
class AnswerLog {
 public:
  explicit AnswerLog(std::size_t bytes_most) : bytes_most_(bytes_most) {}

  /// Logs an event; nothing may follow one that ends the answer. Gap is never logged.
  Cursor append(Event event);

  /// Events after `after`, in order, up to about `bytes_most` bytes of text (at least one where
  /// there is any). Neighbouring deltas (and reasonings) are joined up to `joined_most` bytes; a
  /// joined one carries its last part's cursor.
  std::vector<Entry> read(Cursor after, std::size_t bytes_most, std::size_t joined_most) const;

  /// Lets the oldest events go until the log is at most this large, keeping the first and the last:
  /// for a host that bounds many logs together.
  void shed(std::size_t bytes_most);

  /// The newest event. The log must not be empty.
  const Entry& back() const { return entries_.back(); }
  Cursor last() const { return next_ - 1; }
  bool ended() const { return ended_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t first_after(Cursor cursor) const;

  std::size_t bytes_most_;
  std::size_t bytes_ = 0;
  Cursor next_ = 1;
  bool ended_ = false;
  /// The first event, and behind it those from some cursor on without a hole.
  std::deque<Entry> entries_;
};

/// What an event costs in memory, roughly.
std::size_t footprint(const Event& event);

}  // namespace weir::stream
