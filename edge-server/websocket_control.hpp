#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "websocket_reader.hpp"
#include "weir/base/time.hpp"

namespace weir::edge {

/// What is the same on every WebSocket, whatever goes over it (RFC 6455, 5.5): the upgrade's head
/// comes first, pings are answered, a silent client is pinged and then given up, and a closing
/// frame comes last.
class WebSocketControl {
 public:
  struct Waits {
    Duration ping;  ///< a client that was silent for so long is pinged
    Duration idle;  ///< for so long: given up
  };

  /// `head`: the upgrade's response. A client's text of more than `text_bytes_most` ends it all.
  WebSocketControl(std::string head, std::size_t text_bytes_most, Waits waits, Instant now)
      : head_(std::move(head)), reader_(text_bytes_most), waits_(waits), heard_(now) {}

  /// Takes bytes from the front of what the client sent, up to the end of a text, and gives that;
  /// good until the next call. Nothing: all was taken, or the end has begun.
  std::optional<std::string_view> next_text(std::string_view& bytes, Instant now);

  /// Appends what goes before everything else. False: there is nothing.
  bool append_first(std::string& out);
  /// Appends what goes when there is nothing else to send. False: there is nothing.
  bool append_last(std::string& out, Instant now);

  /// Nothing more is to be said but why; the first reason counts.
  void close(CloseCode why) {
    if (!closing_) closing_ = why;
  }
  bool closing() const { return closing_.has_value(); }
  /// The closing frame was appended.
  bool finished() const { return finished_; }

  /// When the client's silence calls for something.
  Instant deadline() const { return heard_ + (pinged_ ? waits_.idle : waits_.ping); }

 private:
  std::string head_;  ///< until it is sent
  WebSocketReader reader_;
  Waits waits_;
  Instant heard_;                    ///< the client
  std::optional<std::string> pong_;  ///< to be sent
  std::optional<CloseCode> closing_;
  bool pinged_ = false;  ///< since it was heard
  bool finished_ = false;
};

}  // namespace weir::edge
