#pragma once

#include <cstdint>
#include <string_view>

#include "net.hpp"

namespace weir::edge {

/// What a socket had when it was read.
struct SocketRead {
  enum class Outcome : std::uint8_t { bytes, nothing, ended, broken };
  Outcome outcome = Outcome::nothing;
  std::string_view bytes;
};

/// Reads what is there, without waiting. The bytes lie in one buffer for all sockets and are good
/// until the next call, so that a connection which waits, as they mostly do, holds no buffer.
SocketRead read_now(tcp::socket& socket);

}  // namespace weir::edge
