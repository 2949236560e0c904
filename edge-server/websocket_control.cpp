#include "websocket_control.hpp"

#include <utility>

namespace weir::edge {

std::optional<std::string_view> WebSocketControl::next_text(std::string_view& bytes, Instant now) {
  using Kind = WebSocketReader::Message::Kind;
  heard_ = now;
  pinged_ = false;
  while (!closing_) {
    const auto message = reader_.next(bytes);
    if (!message) break;
    if (message->kind == Kind::text) return message->payload;
    // Of several pings the last is answered (5.5.3).
    if (message->kind == Kind::ping) pong_ = message->payload;
    if (message->kind == Kind::close) close(code_of_close(message->payload));
  }
  if (const auto error = reader_.error()) close(*error);
  return std::nullopt;
}

bool WebSocketControl::append_first(std::string& out) {
  if (finished_) return false;
  if (!head_.empty()) {
    out += std::exchange(head_, {});
    return true;
  }
  if (!pong_) return false;
  append_pong(out, *std::exchange(pong_, std::nullopt));
  return true;
}

bool WebSocketControl::append_last(std::string& out, Instant now) {
  if (finished_) return false;
  const Duration silence = now - heard_;
  if (silence >= waits_.idle) close(CloseCode::going_away);
  if (closing_) {
    append_close(out, *closing_);
    finished_ = true;
    return true;
  }
  if (pinged_ || silence < waits_.ping) return false;
  append_ping(out);
  pinged_ = true;
  return true;
}

}  // namespace weir::edge
