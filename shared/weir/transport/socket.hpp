#pragma once

#include <cstdint>
#include <optional>

#include "weir/base/limits.hpp"
#include "weir/base/random.hpp"
#include "weir/base/time.hpp"
#include "weir/transport/backoff.hpp"
#include "weir/transport/states.hpp"
#include "weir/transport/transport.hpp"

namespace weir::transport {

/// The one WebSocket that all answers of a page share: whether it is there, whether it is worth
/// waiting for, and when to try it again.
class Socket {
 public:
  Socket(const limits::Transport& limits, Random& random) : limits_(limits), random_(random) {}

  SocketState state() const { return state_; }
  bool is_open() const { return state_ == SocketState::open; }
  SocketId id() const { return id_; }

  /// It failed the last time: nobody should wait for it who has not tried HTTP.
  bool doubted() const { return doubted_; }

  /// Begins a try; its id is new.
  SocketId open(Instant now);
  void opened(Instant now);
  /// It closed or stayed silent, in whatever state it was. `busy`: answers wait for something
  /// better, so that after a failure it is left alone for the full limits::Transport::socket_retry.
  void gone(Instant now, bool busy);

  void heard(Instant now);         ///< anything came
  void asked() { asked_ = true; }  ///< an answer was sent over it
  void brought_event();            ///< it is of use

  /// Try it at `now + wait`, or at once on a new network.
  void try_again_soon(Instant now);
  void try_again_now(Instant now);

  /// Should be tried by now although no answer asks for it.
  bool due(Instant now) const { return idle() && now >= retry_at_; }
  /// It did not open in time, or has been silent for too long.
  bool timed_out(Instant now) const { return !idle() && now >= patience(); }
  /// When one of the two comes to pass. `retries`: whether it is to be tried by itself at all.
  std::optional<Instant> deadline(bool retries) const;

 private:
  bool idle() const { return state_ == SocketState::absent || state_ == SocketState::resting; }
  Instant patience() const { return since_ + (is_open() ? limits_.silence : limits_.socket_open); }
  Duration wait() { return backoff_.next(random_, limits_.backoff_first, limits_.socket_retry); }

  const limits::Transport& limits_;
  Random& random_;
  SocketState state_ = SocketState::absent;
  SocketId id_ = 0;
  Instant since_;  ///< opening: when that began; open: when it was last heard
  Instant retry_at_;
  Backoff backoff_;
  std::uint32_t fruitless_ = 0;  ///< sockets in a row that were asked and brought no event
  bool asked_ = false;
  bool fruitful_ = false;
  bool doubted_ = false;
};

}  // namespace weir::transport
