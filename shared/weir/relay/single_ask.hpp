#pragma once

#include <cstdint>
#include <optional>

#include "weir/base/id128.hpp"
#include "weir/relay/relay.hpp"
#include "weir/relay/socket_session.hpp"

namespace weir::relay {

/// One ask of a client that knows neither keys nor cursors: the edge draws its key, and it is read
/// from its first event to its last over the connection that brought it. For the faces of other
/// protocols.
class SingleAsk {
 public:
  /// `client`: as in relay::Ask. The relay must outlive this.
  SingleAsk(Relay& relay, const IdSource& ids, prompt::ChatRequest request, Instant now,
            Client client);
  SingleAsk(const SingleAsk&) = delete;
  SingleAsk& operator=(const SingleAsk&) = delete;

  ReaderId reader() const { return reader_; }
  /// Nothing where the relay refused the ask; next() gives the error then.
  std::optional<Id128> answer() const { return relay_.answer_of(reader_); }
  /// As Relay::next().
  std::optional<stream::EntryView> next() { return relay_.next(reader_); }

  /// The client has gone, or has all. The answer goes on for the linger time.
  void leave(Instant now);
  /// Ends the answer at once: for clients that end a connection to say just that.
  void cancel(Instant now);

 private:
  Relay& relay_;
  Id128 key_;
  ReaderId reader_;
};

}  // namespace weir::relay
