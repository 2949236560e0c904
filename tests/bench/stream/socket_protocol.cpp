#include "socket_protocol.hpp"

#include "questions.hpp"
#include "sse_protocol.hpp"

namespace weir::bench {
namespace {

constexpr unsigned text_opcode = 1;
constexpr unsigned close_opcode = 8;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

/// A client masks what it sends (RFC 6455, 5.3).
std::string text_frame(std::string_view text) {
  constexpr char mask[] = {0x37, 0x21, 0x5a, 0x3d};
  std::string out(1, '\x81');
  if (text.size() < 126) {
    out += static_cast<char>(0x80 | text.size());
  } else {
    out += '\xfe';
    out += static_cast<char>(text.size() >> 8);
    out += static_cast<char>(text.size() & 0xff);
  }
  out.append(mask, sizeof mask);
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += static_cast<char>(text[i] ^ mask[i % sizeof mask]);
  }
  return out;
}

}  // namespace

std::string WeirSocketProtocol::opening() const {
  return "GET /v1/socket HTTP/1.1\r\n"
         "Host: 127.0.0.1\r\n"
         "Connection: Upgrade\r\n"
         "Upgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
         "Sec-WebSocket-Protocol: weir.v1\r\n\r\n";
}

std::string WeirSocketProtocol::question(std::uint64_t answer) {
  return text_frame(R"({"type":"ask","ref":1,"key":")" + fresh_key() + R"(","request":)" +
                    weir_request(answer) + "}");
}

bool WeirSocketProtocol::take_handshake(std::string& in, Sink& sink) {
  const std::size_t end = in.find("\r\n\r\n");
  if (end == in.npos) return false;
  if (!in.starts_with("HTTP/1.1 101 ")) {
    sink.ended(Ending::broken, in);
    return false;
  }
  in.erase(0, end + 4);
  open_ = true;
  sink.opened();
  return true;
}

void WeirSocketProtocol::take(std::string& in, Sink& sink) {
  if (!open_ && !take_handshake(in, sink)) return;
  const std::string_view all = in;
  std::size_t at = 0;
  while (all.size() - at >= 2) {
    const unsigned opcode = static_cast<unsigned char>(all[at]) & 0x0fU;
    std::uint64_t size = static_cast<unsigned char>(all[at + 1]);
    const std::size_t wide = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (all.size() - at < 2 + wide) break;
    if (wide > 0) size = big_endian(all.substr(at + 2, wide));
    if (all.size() - at < 2 + wide + size) break;
    if (opcode == text_opcode) message(all.substr(at + 2 + wide, size), sink);
    if (opcode == close_opcode) sink.ended(Ending::broken, "closed by the edge");
    at += 2 + wide + size;
  }
  stream_bytes_ += at;
  in.erase(0, at);
}

void WeirSocketProtocol::message(std::string_view text, Sink& sink) {
  const std::string_view type = member_text(text, R"("type":")");
  if (type == "delta") return sink.text(member_text(text, R"("text":")"));
  if (type == "done") return sink.ended(Ending::done, "");
  if (type == "error" || type == "gap") return sink.ended(Ending::error, text);
}

}  // namespace weir::bench
