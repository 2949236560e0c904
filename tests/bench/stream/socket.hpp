#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <string>

namespace weir::bench {

/// The program cannot go on: says why, with errno's meaning, and ends it.
[[noreturn]] void fail_with_errno(const char* what);

/// Sockets on 127.0.0.1, non-blocking, without Nagle's delay. These end the program on failure.
int listen_on(std::uint16_t port);
/// `source`: comes from 127.0.0.1 plus so much.
int connect_to(std::uint16_t port, std::uint32_t source);
/// The next connection, or -1 when none waits.
int accept_from(int listener);

/// A socket and the bytes that it has not taken yet.
class Channel {
 public:
  /// `tls`: the server's side of TLS is spoken; null: plain.
  explicit Channel(int descriptor, SSL_CTX* tls = nullptr);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() { close(); }

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  /// Appends what is there to `bytes`, up to one buffer's size. False: the end of the stream, or an
  /// error. `more` tells whether to ask again.
  bool read(std::string& bytes, bool& more);

  std::string& out() { return out_; }
  bool is_blocked() const { return !out_.empty(); }
  /// Writes what out() holds, as far as the socket takes it. False: the connection is gone.
  bool flush();

  void close();

 private:
  /// As recv() and send() do it: bytes, 0 at the end, -1 for an error with its cause in errno.
  std::int64_t receive(char* bytes, std::size_t size);
  std::int64_t send(const char* bytes, std::size_t size);
  std::int64_t tls_result(int count);

  int descriptor_;
  SSL* tls_ = nullptr;
  std::string out_;
};

}  // namespace weir::bench
