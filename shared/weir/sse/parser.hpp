#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "weir/base/result.hpp"

namespace weir::sse {

/// One dispatched server-sent event (WHATWG HTML, "Server-sent events", 9.2.6).
struct Message {
  std::string event;  ///< empty: "message"
  std::string data;
  std::string id;  ///< the last event id in force, as the standard's buffer holds it

  friend bool operator==(const Message&, const Message&) = default;
};

/// The same where it lies in the parser: good until the parser is used again.
struct MessageView {
  std::string_view event;
  std::string_view data;
  std::string_view id;
};

/// Parses text/event-stream bytes split anywhere. Line ends are CR, LF or CRLF; a byte order mark
/// at the start is dropped; an event cut off by the end of the stream is not dispatched. Bytes that
/// are not UTF-8 are passed on as they are: whoever reads the data (JSON, here) judges them.
///
///   parser.feed(bytes);
///   while (auto message = parser.next()) ...
///   if (parser.error()) ...
class Parser {
 public:
  explicit Parser(std::size_t line_bytes_most) : line_bytes_most_(line_bytes_most) {}

  /// Bytes fed after an error are ignored.
  void feed(std::string_view bytes);

  /// The next whole event, or nothing until more bytes come.
  std::optional<Message> next();
  std::optional<MessageView> next_view();

  /// `request_too_large` once a line or an event's data passed the limit.
  const std::optional<Error>& error() const { return error_; }

  /// The `retry:` field's last valid value in milliseconds, if any was sent.
  std::optional<std::uint32_t> retry_milliseconds() const { return retry_; }

 private:
  bool pass_byte_order_mark();
  std::optional<std::string_view> next_line();
  void take_field(std::string_view line);
  std::string_view data() const;
  void move_data();
  void take_data(std::string_view value);
  void take_retry(std::string_view value);
  std::optional<MessageView> dispatch();
  void fail(Error error);

  std::size_t line_bytes_most_;
  std::string buffer_;
  std::size_t at_ = 0;           ///< start of the unread part of buffer_
  std::size_t searched_ = 0;     ///< up to here the unread part holds no line end
  bool at_start_ = true;         ///< a byte order mark may still come
  bool skip_line_feed_ = false;  ///< the last line ended with CR; an LF that follows belongs to it
  bool has_data_ = false;        ///< a `data` field came, perhaps an empty one
  std::string event_;
  std::string data_;
  /// The event's data so far stands in data_, or, while it is one line, here in buffer_.
  std::optional<std::pair<std::size_t, std::size_t>> data_place_;
  bool dispatched_ = false;  ///< event_ is that of an event that was given out
  std::string last_id_;
  std::optional<std::uint32_t> retry_;
  std::optional<Error> error_;
};

}  // namespace weir::sse
