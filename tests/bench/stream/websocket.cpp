#include "websocket.hpp"

#include <cstdint>

namespace weir::bench {
namespace {

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

/// A client masks what it sends (RFC 6455, 5.3). Up to 64 KB.
std::string masked_frame(unsigned opcode, std::string_view payload) {
  constexpr char mask[] = {0x37, 0x21, 0x5a, 0x3d};
  std::string out(1, static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    out += '\xfe';
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 0xff);
  }
  out.append(mask, sizeof mask);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ mask[i % sizeof mask]);
  }
  return out;
}

}  // namespace

std::string websocket_opening() {
  return "GET /v1/socket HTTP/1.1\r\n"
         "Host: 127.0.0.1\r\n"
         "Connection: Upgrade\r\n"
         "Upgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
         "Sec-WebSocket-Protocol: weir.v1\r\n\r\n";
}

std::optional<WebSocketFrame> next_frame(std::string_view& in) {
  if (in.size() < 2) return std::nullopt;
  std::uint64_t size = static_cast<unsigned char>(in[1]);
  const std::size_t wide = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (in.size() < 2 + wide) return std::nullopt;
  if (wide > 0) size = big_endian(in.substr(2, wide));
  if (in.size() - 2 - wide < size) return std::nullopt;
  const WebSocketFrame frame{static_cast<unsigned char>(in[0]) & 0x0fU,
                             in.substr(2 + wide, static_cast<std::size_t>(size))};
  in.remove_prefix(2 + wide + static_cast<std::size_t>(size));
  return frame;
}

std::string text_frame(std::string_view text) {
  return masked_frame(WebSocketFrame::text, text);
}

std::string pong_frame(std::string_view payload) {
  constexpr unsigned pong = 10;
  return masked_frame(pong, payload);
}

}  // namespace weir::bench
