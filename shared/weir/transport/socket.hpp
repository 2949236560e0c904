#pragma once

#include <algorithm>
#include <optional>

#include "weir/base/limits.hpp"
#include "weir/base/time.hpp"
#include "weir/transport/states.hpp"
#include "weir/transport/transport.hpp"

namespace weir::transport {

/// One WebSocket: what it is good for, and whether it still lives. Where there is doubt it is
/// probed: the edge is asked something that it answers at once (wire/PROTOCOL.md).
class Socket {
 public:
  Socket(SocketId id, Instant now) : id_(id), heard_(now) {}

  SocketId id() const { return id_; }
  SocketState state() const { return state_; }
  bool is_open() const { return state_ == SocketState::open; }
  bool carries_answers() const { return is_open() || state_ == SocketState::draining; }
  /// When something came last; before anything did, since when it is there.
  Instant heard() const { return heard_; }
  /// An answer was sent over it, and nothing of use came back.
  bool fruitless() const { return asked_ && !fruitful_; }
  bool probed() const { return probed_.has_value(); }

  void opened(Instant now) {
    step(socket_transitions, state_, SocketMove::opened);
    heard_ = now;
  }
  void drain() { step(socket_transitions, state_, SocketMove::drain); }
  void close() { step(socket_transitions, state_, SocketMove::close); }

  void hear(Instant now) { heard_ = now; }
  void asked() { asked_ = true; }
  void brought_event() { fruitful_ = true; }
  void probe(Instant now) { probed_ = now; }
  void replied() {
    probed_.reset();
    fruitful_ = true;
  }

  /// When it has to have opened, has to be probed, or has to have replied.
  Instant due(const limits::Transport& limits) const {
    if (state_ == SocketState::opening) return heard_ + limits.socket_open;
    if (!probed_) return heard_ + limits.silence - limits.probe;
    // While something comes the reply may stand behind it, but not for ever.
    return std::min(std::max(*probed_, heard_) + limits.probe, *probed_ + limits.silence);
  }

 private:
  SocketId id_;
  SocketState state_ = SocketState::opening;
  Instant heard_;
  std::optional<Instant> probed_;  ///< without a reply until now
  bool asked_ = false;
  bool fruitful_ = false;
};

}  // namespace weir::transport
