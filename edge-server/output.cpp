#include "output.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "clock.hpp"

namespace weir::edge {
namespace {

/// A buffer that has grown beyond this is given back once it is empty.
constexpr std::size_t kept_capacity = 1024;

}  // namespace

void Output::flush(const std::shared_ptr<void>& owner) {
  if (waiting_ || broken_ || bytes_.empty()) return;
  if (!send()) return fail();
  if (!bytes_.empty()) wait(owner);
}

/// False where the connection is broken.
bool Output::send() {
  while (sent_ < bytes_.size()) {
    const ssize_t sent = ::send(socket_.native_handle(), bytes_.data() + sent_,
                                bytes_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    sent_ += static_cast<std::size_t>(sent);
    stuck_since_.reset();
  }
  bytes_.clear();
  sent_ = 0;
  if (bytes_.capacity() > kept_capacity) bytes_.shrink_to_fit();
  return true;
}

void Output::wait(const std::shared_ptr<void>& owner) {
  waiting_ = true;
  if (!stuck_since_) stuck_since_ = now();
  socket_.async_wait(tcp::socket::wait_write, [this, owner](error_code error) {
    waiting_ = false;
    if (error || !send()) return fail();
    if (!bytes_.empty()) return wait(owner);
    if (on_drained) on_drained();
  });
}

void Output::fail() {
  if (broken_) return;
  broken_ = true;
  bytes_ = {};
  sent_ = 0;
  if (on_broken) on_broken();
}

}  // namespace weir::edge
