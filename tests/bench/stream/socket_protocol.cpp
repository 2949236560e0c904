#include "socket_protocol.hpp"

#include "questions.hpp"
#include "sse_protocol.hpp"
#include "websocket.hpp"

namespace weir::bench {

std::string WeirSocketProtocol::opening() const {
  return websocket_opening();
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
  std::string_view rest = in;
  while (const auto frame = next_frame(rest)) {
    if (frame->opcode == WebSocketFrame::text) message(frame->payload, sink);
    if (frame->opcode == WebSocketFrame::close) sink.ended(Ending::broken, "closed by the edge");
  }
  const std::size_t taken = in.size() - rest.size();
  stream_bytes_ += taken;
  in.erase(0, taken);
}

void WeirSocketProtocol::message(std::string_view text, Sink& sink) {
  const std::string_view type = member_text(text, R"("type":")");
  if (type == "delta") return sink.text(member_text(text, R"("text":")"));
  if (type == "done") return sink.ended(Ending::done, "");
  if (type == "error" || type == "gap") return sink.ended(Ending::error, text);
}

}  // namespace weir::bench
