#include "output.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "clock.hpp"

namespace weir::edge {

/// One buffer for all connections, with what this one has held back in it.
std::string& Output::take_held() {
  static std::string piece;
  piece.assign(left_);
  left_ = {};
  return piece;
}

void Output::hold_back(std::string& piece) {
  if (!busy() && !broken()) left_ = piece;
}

/// Leaves nothing in `piece`: what the socket does not take is kept.
void Output::transmit(std::string& piece, const std::shared_ptr<void>& owner) {
  std::string_view bytes = piece;
  if (!write(bytes)) {
    fail();
  } else if (!bytes.empty()) {
    left_ = bytes;
    sent_ = 0;
    wait(owner);
  }
  piece.clear();
}

/// Writes as much as the socket takes, and leaves the rest in `bytes`. False where the connection
/// is broken.
bool Output::write(std::string_view& bytes) {
  while (!bytes.empty()) {
    const ssize_t sent =
        ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
    stuck_since_.reset();
  }
  return true;
}

void Output::wait(const std::shared_ptr<void>& owner) {
  waiting_ = true;
  if (!stuck_since_) stuck_since_ = now();
  socket_.async_wait(tcp::socket::wait_write, [this, owner](error_code error) {
    waiting_ = false;
    std::string_view rest = std::string_view(left_).substr(sent_);
    if (error || !write(rest)) return fail();
    sent_ = left_.size() - rest.size();
    if (!rest.empty()) return wait(owner);
    left_ = {};
    if (on_drained) on_drained();
  });
}

void Output::fail() {
  if (broken_) return;
  broken_ = true;
  left_ = {};
  if (on_broken) on_broken();
}

}  // namespace weir::edge
