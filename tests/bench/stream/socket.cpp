#include "socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace weir::bench {
namespace {

constexpr int backlog = 4096;
constexpr std::size_t read_bytes = 64 << 10;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void enable(int descriptor, int level, int option) {
  const int on = 1;
  setsockopt(descriptor, level, option, &on, sizeof on);
}

int open_socket() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail_with_errno("socket");
  return descriptor;
}

}  // namespace

void fail_with_errno(const char* what) {
  std::fprintf(stderr, "stream_load: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

int listen_on(std::uint16_t port) {
  const int descriptor = open_socket();
  enable(descriptor, SOL_SOCKET, SO_REUSEADDR);
  const sockaddr_in address = loopback(port);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(descriptor, backlog) != 0) {
    fail_with_errno("the provider's port");
  }
  return descriptor;
}

int connect_to(std::uint16_t port) {
  const int descriptor = open_socket();
  enable(descriptor, IPPROTO_TCP, TCP_NODELAY);
  const sockaddr_in address = loopback(port);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    fail_with_errno("connect");
  }
  return descriptor;
}

int accept_from(int listener) {
  const int descriptor = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor >= 0) {
    enable(descriptor, IPPROTO_TCP, TCP_NODELAY);
  } else if (errno != EAGAIN && errno != ECONNABORTED) {
    fail_with_errno("accept");
  }
  return descriptor;
}

bool Channel::read(std::string& bytes, bool& more) {
  static std::array<char, read_bytes> buffer;
  more = false;
  const ssize_t count = recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count > 0) {
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    more = static_cast<std::size_t>(count) == buffer.size();
    return true;
  }
  return count < 0 && (errno == EAGAIN || errno == EINTR);
}

bool Channel::flush() {
  std::size_t written = 0;
  while (written < out_.size()) {
    const ssize_t count =
        send(descriptor_, out_.data() + written, out_.size() - written, MSG_NOSIGNAL);
    if (count < 0) {
      if (errno == EAGAIN || errno == EINTR) break;
      return false;
    }
    written += static_cast<std::size_t>(count);
  }
  out_.erase(0, written);
  return true;
}

void Channel::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  out_.clear();
}

void Channel::abort() {
  const linger now{1, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

}  // namespace weir::bench
