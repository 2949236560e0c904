#include "socket_read.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace weir::edge {

SocketRead read_now(tcp::socket& socket) {
  using Outcome = SocketRead::Outcome;
  static std::array<char, 64 << 10> piece;
  const ssize_t size = ::recv(socket.native_handle(), piece.data(), piece.size(), MSG_DONTWAIT);
  if (size > 0) return {Outcome::bytes, {piece.data(), static_cast<std::size_t>(size)}};
  if (size == 0) return {Outcome::ended, {}};
  const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {later ? Outcome::nothing : Outcome::broken, {}};
}

}  // namespace weir::edge
