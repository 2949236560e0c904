#include "weir/transport/socket.hpp"

namespace weir::transport {

SocketId Socket::open(Instant now) {
  step(socket_transitions, state_, SocketMove::try_it);
  since_ = now;
  asked_ = fruitful_ = false;
  return ++id_;
}

void Socket::opened(Instant now) {
  step(socket_transitions, state_, SocketMove::opened);
  since_ = now;
  doubted_ = false;
}

void Socket::gone(Instant now, bool busy) {
  const bool was_open = is_open();
  if (was_open && asked_ && !fruitful_) ++fruitless_;
  if (was_open && fruitless_ < limits_.fruitless_sockets) {
    step(socket_transitions, state_, SocketMove::lost);
    return try_again_soon(now);
  }
  step(socket_transitions, state_, was_open ? SocketMove::barren : SocketMove::failed);
  doubted_ = true;
  retry_at_ = now + (busy ? limits_.socket_retry : wait());
}

void Socket::heard(Instant now) {
  since_ = now;
  backoff_.reset();
}

void Socket::brought_event() {
  fruitful_ = true;
  fruitless_ = 0;
}

void Socket::try_again_soon(Instant now) {
  retry_at_ = now + wait();
}

void Socket::try_again_now(Instant now) {
  retry_at_ = now;
  fruitless_ = 0;
  doubted_ = false;
  backoff_.reset();
}

std::optional<Instant> Socket::deadline(bool retries) const {
  if (!idle()) return patience();
  if (!retries) return std::nullopt;
  return retry_at_;
}

}  // namespace weir::transport
