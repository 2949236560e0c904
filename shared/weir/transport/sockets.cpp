#include "weir/transport/sockets.hpp"

#include <algorithm>

namespace weir::transport {

namespace {

bool is_current(const Socket& socket) {
  return socket.state() == SocketState::opening || socket.state() == SocketState::open;
}

}  // namespace

bool Sockets::has_current() const {
  return std::any_of(sockets_.begin(), sockets_.end(), is_current);
}

Socket* Sockets::current() {
  const auto found = std::find_if(sockets_.begin(), sockets_.end(), is_current);
  return found == sockets_.end() ? nullptr : &*found;
}

Socket* Sockets::open() {
  Socket* socket = current();
  return socket != nullptr && socket->is_open() ? socket : nullptr;
}

Socket* Sockets::find(SocketId id) {
  for (Socket& socket : sockets_) {
    if (socket.id() == id) return &socket;
  }
  return nullptr;
}

bool Sockets::probed(SocketId id) const {
  return std::any_of(sockets_.begin(), sockets_.end(),
                     [id](const Socket& socket) { return socket.id() == id && socket.probed(); });
}

std::vector<SocketId> Sockets::ids() const {
  std::vector<SocketId> ids;
  for (const Socket& socket : sockets_) ids.push_back(socket.id());
  return ids;
}

bool Sockets::any_carries() const {
  return std::any_of(sockets_.begin(), sockets_.end(),
                     [](const Socket& socket) { return socket.carries_answers(); });
}

SocketId Sockets::try_one(Instant now) {
  WEIR_ASSERT(!has_current());
  sockets_.emplace_back(++last_id_, now);
  return last_id_;
}

void Sockets::opened(Socket& socket, Instant now) {
  socket.opened(now);
  doubted_ = false;
}

void Sockets::drain(Socket& socket, Instant now) {
  socket.drain();
  try_again_soon(now);
}

void Sockets::gone(SocketId id, Instant now, bool busy) {
  Socket& socket = *find(id);
  const SocketState state = socket.state();
  const bool swallowed = socket.probed();  // it was asked whether it lives, and did not say so
  if (state == SocketState::open && socket.fruitless()) {
    fruitless_ += swallowed ? limits_.fruitless_sockets : 1;
  }
  socket.close();
  sockets_.erase(std::find_if(sockets_.begin(), sockets_.end(),
                              [id](const Socket& each) { return each.id() == id; }));
  if (state == SocketState::draining) return;
  if (state == SocketState::open && fruitless_ < limits_.fruitless_sockets) {
    return try_again_soon(now);
  }
  doubted_ = true;
  retry_at_ = now + (busy ? limits_.socket_retry : wait());
}

void Sockets::brought_event(Socket& socket) {
  socket.brought_event();
  fruitless_ = 0;
}

void Sockets::replied(Socket& socket) {
  socket.replied();
  fruitless_ = 0;
}

void Sockets::try_again_now(Instant now) {
  retry_at_ = now;
  fruitless_ = 0;
  doubted_ = false;
  backoff_.reset();
}

std::optional<Instant> Sockets::deadline(bool retries) const {
  std::optional<Instant> earliest;
  if (retries && !has_current()) earliest = retry_at_;
  for (const Socket& socket : sockets_) {
    const Instant at = socket.due(limits_);
    if (!earliest || at < *earliest) earliest = at;
  }
  return earliest;
}

}  // namespace weir::transport
