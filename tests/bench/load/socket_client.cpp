#include "socket_client.hpp"

#include <sys/epoll.h>

#include <utility>

#include "stream/questions.hpp"
#include "stream/sse_protocol.hpp"
#include "stream/websocket.hpp"

namespace weir::bench {
namespace {

/// A number that is a member of a JSON object, as its digits.
std::string_view member_digits(std::string_view json, std::string_view before) {
  const std::size_t at = json.find(before);
  if (at == json.npos) return {};
  const std::string_view rest = json.substr(at + before.size());
  return rest.substr(0, rest.find_first_not_of("0123456789"));
}

}  // namespace

SocketClient::SocketClient(Crowd& crowd, std::size_t number, std::optional<std::uint64_t> answer)
    : crowd_(crowd), number_(number), number_of_answer_(answer), text_(answer.value_or(0)) {
  if (answer) key_ = fresh_key();
  connect();
}

void SocketClient::connect() {
  in_.clear();
  is_open_ = false;
  channel_ = std::make_unique<Channel>(connect_to(crowd_.port, source_of(number_)));
  channel_->out() = websocket_opening();
  crowd_.poller.add(channel_->descriptor(), *this);
}

void SocketClient::cut() {
  if (over_) return;
  resuming_ = true;
  channel_->close();
  --crowd_.open;
  connect();
}

void SocketClient::ready(std::uint32_t events) {
  if (over_) return;
  if (events & EPOLLOUT && channel_->is_blocked() && !channel_->flush()) {
    return fail("no connection");
  }
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) read(events);
}

void SocketClient::read(std::uint32_t events) {
  bool more = true;
  while (more && !over_) {
    const bool good = channel_->read(in_, more);
    read_at_ = now();
    if (is_open_ || take_handshake()) {
      std::string_view rest = in_;
      while (const auto frame = next_frame(rest)) {
        if (frame->opcode == WebSocketFrame::text) take(frame->payload);
        if (frame->opcode == WebSocketFrame::ping) channel_->out() += pong_frame(frame->payload);
        if (frame->opcode == WebSocketFrame::close) fail("closed by the edge");
      }
      in_.erase(0, in_.size() - rest.size());
      if (channel_->is_blocked()) channel_->flush();
    }
    if (!good && !over_) return fail("the connection was closed");
    more = more || events & EPOLLRDHUP;
  }
}

bool SocketClient::take_handshake() {
  const std::size_t end = in_.find("\r\n\r\n");
  if (end == in_.npos) return false;
  if (!in_.starts_with("HTTP/1.1 101 ")) {
    fail(in_);
    return false;
  }
  in_.erase(0, end + 4);
  open();
  return true;
}

void SocketClient::open() {
  is_open_ = true;
  ++crowd_.open;
  if (resuming_) crowd_.opened_after.add(read_at_ - crowd_.cut_at);
  if (!number_of_answer_) return;
  if (answer_.empty()) {
    channel_->out() += text_frame(R"({"type":"ask","ref":1,"key":")" + key_ + R"(","request":)" +
                                  weir_request(*number_of_answer_) + "}");
  } else {
    channel_->out() += text_frame(R"({"type":"resume","ref":1,"answer":")" + answer_ +
                                  R"(","after":)" + cursor_ + "}");
  }
}

void SocketClient::take(std::string_view message) {
  const std::string_view type = member_text(message, R"("type":")");
  if (type == "alive") return;
  if (const auto cursor = member_digits(message, R"("cursor":)"); !cursor.empty()) {
    cursor_ = cursor;
  }
  if (type == "accepted") answer_ = member_text(message, R"("answer":")");
  if (type == "delta") take_text(member_text(message, R"("text":")"));
  if (type == "error" || type == "gap") fail(message);
  if (type != "done") return;
  if (text_.records() != crowd_.deltas || !text_.ends_with_a_record()) fail("text is missing");
  if (!over_) ++crowd_.done;
  number_of_answer_.reset();
}

void SocketClient::take_text(std::string_view text) {
  if (text_.records() == 0) ++crowd_.begun;
  if (std::exchange(resuming_, false)) {
    ++crowd_.resumed;
    crowd_.resumed_after.add(read_at_ - crowd_.cut_at);
  }
  if (!text_.take(text, read_at_, crowd_.ages_now())) fail("the text is not the provider's");
}

void SocketClient::fail(std::string_view why) {
  if (over_) return;
  over_ = true;
  if (!crowd_.leaving) crowd_.fail(why);
}

}  // namespace weir::bench
