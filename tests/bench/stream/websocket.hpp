#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::bench {

/// As much of RFC 6455 as a client of the edge needs that is in a hurry.

/// A frame of the edge, which sends every message in one.
struct WebSocketFrame {
  static constexpr unsigned text = 1;
  static constexpr unsigned close = 8;
  static constexpr unsigned ping = 9;

  unsigned opcode = 0;
  std::string_view payload;
};

/// What opens Weir's socket.
std::string websocket_opening();

/// Takes a frame from the front of `in`; nothing where it has not come whole.
std::optional<WebSocketFrame> next_frame(std::string_view& in);

std::string text_frame(std::string_view text);
std::string pong_frame(std::string_view payload);

}  // namespace weir::bench
