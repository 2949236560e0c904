#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/base/time.hpp"
#include "weir/relay/relay.hpp"

namespace weir::edge {

/// What goes on over a client's connection, one at a time: a response, or a WebSocket from its
/// upgrade to its end. It says what is to be sent whenever the connection takes something, so a
/// slow client costs one helping of bytes and its socket.
class Activity {
 public:
  virtual ~Activity() = default;

  /// Appends some of what is to be sent. False: there is nothing now.
  virtual bool append(std::string& out) = 0;
  /// Everything was appended.
  virtual bool finished() const = 0;
  /// Whether another request may follow on the connection.
  virtual bool keeps_connection() const = 0;
  /// When there may be something to append, or time to be cut off, though nobody wakes it.
  virtual std::optional<Instant> deadline() const { return std::nullopt; }
  /// This reader of its has something to read.
  virtual void wake(relay::ReaderId) {}

  /// Whether what the client sends meanwhile is for it, and not the next request.
  virtual bool listens() const { return false; }
  /// Takes what the client sends. `unread`: the client has not yet taken all that it was sent.
  /// False: the connection is to be cut.
  virtual bool receive(std::string_view /*bytes*/, bool /*unread*/) { return true; }
  /// True once after an answer has begun: what there is of it may be sent with what follows soon.
  virtual bool takes_begun_answer() { return false; }

  /// The client has said that it sends nothing more. True: then nobody waits for this either.
  virtual bool ends_with_client() const { return false; }
  /// The edge is going down: end when what is under way has ended.
  virtual void drain() {}
  /// It is over, or its connection is.
  virtual void close() {}
};

}  // namespace weir::edge
