#include "socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
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

sockaddr_in loopback(std::uint16_t port, std::uint32_t host = 0) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
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
  std::fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, std::strerror(errno));
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

int connect_to(std::uint16_t port, std::uint32_t source) {
  const int descriptor = open_socket();
  enable(descriptor, IPPROTO_TCP, TCP_NODELAY);
  enable(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
  const sockaddr_in own = loopback(0, source);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) {
    fail_with_errno("a source address");
  }
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

Channel::Channel(int descriptor, SSL_CTX* tls) : descriptor_(descriptor) {
  if (!tls) return;
  tls_ = SSL_new(tls);
  SSL_set_fd(tls_, descriptor);
  SSL_set_accept_state(tls_);
}

std::int64_t Channel::receive(char* bytes, std::size_t size) {
  if (!tls_) return recv(descriptor_, bytes, size, 0);
  return tls_result(SSL_read(tls_, bytes, static_cast<int>(size)));
}

std::int64_t Channel::send(const char* bytes, std::size_t size) {
  if (!tls_) return ::send(descriptor_, bytes, size, MSG_NOSIGNAL);
  return tls_result(SSL_write(tls_, bytes, static_cast<int>(size)));
}

/// The handshake goes on within reading and writing.
std::int64_t Channel::tls_result(int count) {
  if (count > 0) return count;
  const int error = SSL_get_error(tls_, count);
  ERR_clear_error();
  if (error == SSL_ERROR_ZERO_RETURN) return 0;
  errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
  return -1;
}

bool Channel::read(std::string& bytes, bool& more) {
  static std::array<char, read_bytes> buffer;
  more = false;
  const std::int64_t count = receive(buffer.data(), buffer.size());
  if (count > 0) {
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    more = tls_ || static_cast<std::size_t>(count) == buffer.size();
    return true;
  }
  return count < 0 && errno == EAGAIN;
}

bool Channel::flush() {
  std::size_t written = 0;
  while (written < out_.size()) {
    const std::int64_t count = send(out_.data() + written, out_.size() - written);
    if (count < 0) {
      if (errno == EAGAIN) break;
      return false;
    }
    written += static_cast<std::size_t>(count);
  }
  out_.erase(0, written);
  return true;
}

void Channel::close() {
  SSL_free(tls_);
  tls_ = nullptr;
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  out_.clear();
}

}  // namespace weir::bench
