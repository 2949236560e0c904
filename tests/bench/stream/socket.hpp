#pragma once

#include <cstdint>
#include <string>

namespace weir::bench {

/// The program cannot go on: says why, with errno's meaning, and ends it.
[[noreturn]] void fail_with_errno(const char* what);

/// Sockets on 127.0.0.1, non-blocking, without Nagle's delay. These end the program on failure.
int listen_on(std::uint16_t port);
int connect_to(std::uint16_t port);
/// The next connection, or -1 when none waits.
int accept_from(int listener);

/// A socket and the bytes that it has not taken yet.
class Channel {
 public:
  Channel() = default;
  explicit Channel(int descriptor) : descriptor_(descriptor) {}
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
  /// Closes with a reset, as a crash would.
  void abort();

 private:
  int descriptor_ = -1;
  std::string out_;
};

}  // namespace weir::bench
