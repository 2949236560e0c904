#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "weir/base/backoff.hpp"
#include "weir/base/id128.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/time.hpp"
#include "weir/sse/parser.hpp"
#include "weir/stream/event.hpp"
#include "weir/transport/states.hpp"
#include "weir/transport/transport.hpp"

namespace weir::transport {

/// The HTTP exchange an answer has open.
struct Exchange {
  explicit Exchange(std::size_t frame_bytes) : parser(frame_bytes) {}

  ExchangeId id = 0;
  int status = 0;  ///< 0: the head has not come
  Instant heard;
  Duration head_within{};  ///< of its beginning
  bool polls = false;      ///< the edge was told to end it soon, whether the answer ends or not
  bool spoke = false;      ///< some of its body has come
  /// Without a head by then the machine inquires.
  std::optional<Instant> inquire_at;
  sse::Parser parser;
  std::string last_id;  ///< of the event before
  std::string error_body;

  /// When its head, or more of it, has to have come.
  Instant due(const limits::Transport& limits) const {
    return heard + (status == 0 ? head_within : limits.silence);
  }
};

/// What was tried since an answer last moved on. When both transports were, the round is over.
struct Round {
  bool socket_failed = false;
  bool http_failed = false;
  bool contact = false;  ///< something answered, if only with an error

  bool over() const { return socket_failed && http_failed; }
};

/// One answer as its reader on this page follows it: what it is, how far it was given out, and
/// where it stands with the network.
struct Answer {
  // what it is
  Ref ref = 0;
  std::optional<Id128> key;
  std::optional<Id128> id;  ///< once the edge has said it
  std::string request;      ///< an ask's body, kept for asking again with the same key
  bool is_ask = false;
  bool known = false;       ///< the edge may have it already, whatever was sent from here
  stream::Cursor last = 0;  ///< everything up to here was given out

  // where it stands
  Phase phase = Phase::resting;
  std::optional<Exchange> exchange;  ///< requesting, streaming, refused, stopping
  /// The socket on which the edge has its ref open: where it is, or 0. A Stop that is said over
  /// HTTP as well leaves it there.
  SocketId socket = 0;
  /// On a socket: by then the edge must have shown that it was heard there.
  std::optional<Instant> confirm_by;
  Instant retry_at;           ///< resting: when it is tried again
  bool backing_off = false;   ///< resting: it waits out a failure; a network's return ends it
  bool told_to_wait = false;  ///< resting: the edge named the wait; a network's return does not
  Backoff backoff;
  Round round;
  Instant attempt_began;
  bool progressed = false;                ///< the attempt brought a new event
  bool sent = false;                      ///< the edge may have heard of it
  bool reached = false;                   ///< some connection carried it
  bool held_back = false;                 ///< a response to it brought its head and nothing more
  std::uint32_t rounds = 0;               ///< that failed on both transports
  std::optional<Instant> lost_since;      ///< cut, and nothing new since
  std::optional<stream::Failed> refusal;  ///< why the edge would not take it the last time
  std::optional<Instant> cancel_by;  ///< Stop was pressed: then it ends, if the edge says nothing

  bool ended() const { return phase == Phase::ended; }
  bool cancelling() const { return cancel_by.has_value(); }
  void move(Move way) { step(answer_transitions, phase, way); }

  /// Resting until now: to be tried at once.
  void retry_now(Instant now);
  /// Takes an entry's place in the order. False: it was given out before.
  bool take(const stream::Entry& entry);
  /// The attempt has failed. `heard`: when its connection gave a sign of life last; `held`: how
  /// long it must have done so to count as contact.
  void note_cut(Instant now, Instant heard, Duration held);
};

/// POST for a new ask, GET for a known answer, DELETE while cancelling. A Stop goes by the key
/// alone, here and on a socket: an edge that has restarted and does not know the answer's id then
/// still refuses any ask with that key. `wait`: the response shall end by itself, after so long if
/// it has brought nothing.
OpenHttp http_request(const Answer& answer, ExchangeId exchange, std::optional<Duration> wait);
/// An ask, or a resume where the answer's id is known.
std::string opening_frame(const Answer& answer);
std::string cancel_frame(const Answer& answer);

/// Asks on a socket for an answer that never is: an edge that lives and hears says so at once.
std::string probe_frame();
/// The same over HTTP.
OpenHttp inquiry(ExchangeId exchange);

}  // namespace weir::transport
