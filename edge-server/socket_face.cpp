#include "socket_face.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "clock.hpp"
#include "websocket_handshake.hpp"
#include "websocket_reader.hpp"
#include "weir/relay/socket_session.hpp"
#include "weir/wire/frames.hpp"

namespace weir::edge {
namespace {

/// The session refuses a frame that is a little too large with a typed error; one this many times
/// the limit of a request ends the connection.
constexpr std::size_t oversize_factor = 2;
/// A client that talks on without reading what it is told is cut: its errors would pile up.
constexpr std::size_t unread_messages_most = 1024;

std::string draining_frame() {
  stream::Notice notice;
  notice.kind = stream::Notice::Kind::draining;
  notice.message = "This edge is going down: use another connection for the next question.";
  return wire::write_server_frame(wire::EventFrame{0, {0, std::move(notice)}});
}

/// One WebSocket: what the client sends goes to the session, frames are pulled from it.
class Socket : public Activity {
 public:
  Socket(Services& services, Follower& follower, std::uint64_t client, std::string head)
      : services_(services),
        follower_(follower),
        head_(std::move(head)),
        reader_(services.request.body_bytes * oversize_factor),
        session_(services.driver.relay(), services.fresh_id, services.server, services.request,
                 now(), client),
        heard_(now()),
        draining_(services.draining) {
    session_.on_reader = [this](relay::ReaderId reader) { add_reader(reader); };
  }

  bool append(std::string& out) override {
    if (finished_) return false;
    if (!head_.empty()) {
      out += std::exchange(head_, {});
    } else if (pong_) {
      append_pong(out, *std::exchange(pong_, std::nullopt));
    } else if (draining_ && !std::exchange(told_draining_, true)) {
      append_text(out, draining_frame());
    } else if (!closing_ && append_frame(out)) {
      return true;
    } else {
      return append_last(out);
    }
    return true;
  }

  bool finished() const override { return finished_; }
  bool keeps_connection() const override { return false; }

  /// The session's keep-alive, and the client's silence.
  std::optional<Instant> deadline() const override {
    const Duration silence = services_.server.idle;
    return std::min(*session_.deadline(), heard_ + (pinged_ ? silence : silence / 2));
  }

  void wake(relay::ReaderId reader) override { session_.wake(reader); }

  bool listens() const override { return true; }

  bool receive(std::string_view bytes, bool unread) override {
    heard_ = now();
    pinged_ = false;
    while (!closing_) {
      const auto message = reader_.next(bytes);
      if (!message) break;
      take(*message);
      unread_ = unread ? unread_ + 1 : 0;
      if (unread_ > unread_messages_most) return false;
    }
    if (!closing_) closing_ = reader_.error();
    services_.driver.settle();
    return true;
  }

  bool takes_begun_answer() override { return std::exchange(begun_answer_, false); }
  bool ends_with_client() const override { return true; }
  void drain() override { draining_ = true; }

  void close() override {
    for (const relay::ReaderId reader : followed_) services_.driver.forget(reader);
    session_.close(now());
  }

 private:
  static void append_text(std::string& out, std::string_view frame) {
    append_text_head(out, frame.size());
    out += frame;
  }

  bool append_frame(std::string& out) {
    static std::string frame;
    frame.clear();
    if (!session_.append_frame(frame, now())) return false;
    append_text(out, frame);
    return true;
  }

  /// What is sent when there is nothing else to send.
  bool append_last(std::string& out) {
    const Duration silence = now() - heard_;
    if (!closing_ && draining_ && session_.idle()) closing_ = CloseCode::going_away;
    if (!closing_ && silence >= services_.server.idle) closing_ = CloseCode::going_away;
    if (closing_) {
      append_close(out, *closing_);
      finished_ = true;
      return true;
    }
    if (pinged_ || silence < services_.server.idle / 2) return false;
    append_ping(out);
    pinged_ = true;
    return true;
  }

  void take(const WebSocketReader::Message& message) {
    using Kind = WebSocketReader::Message::Kind;
    switch (message.kind) {
      case Kind::text:
        if (session_.receive(message.payload, now())) begun_answer_ = true;
        break;
      case Kind::ping:  // of several the last is answered (RFC 6455, 5.5.3)
        pong_ = message.payload;
        break;
      case Kind::pong:
        break;
      case Kind::close:
        closing_ = code_of_close(message.payload);
        break;
    }
  }

  void add_reader(relay::ReaderId reader) {
    const std::vector<relay::ReaderId> open = session_.readers();
    std::erase_if(followed_, [&](relay::ReaderId each) {
      const bool closed = std::find(open.begin(), open.end(), each) == open.end();
      if (closed) services_.driver.forget(each);
      return closed;
    });
    followed_.push_back(reader);
    services_.driver.follow(reader, follower_);
  }

  Services& services_;
  Follower& follower_;
  std::string head_;  ///< of the upgrade's response, until it is sent
  WebSocketReader reader_;
  relay::SocketSession session_;
  std::vector<relay::ReaderId> followed_;
  std::optional<std::string> pong_;  ///< to be sent
  std::optional<CloseCode> closing_;
  Instant heard_;  ///< the client
  std::size_t unread_ = 0;
  bool pinged_ = false;  ///< since it was heard
  bool begun_answer_ = false;
  bool draining_ = false;
  bool told_draining_ = false;
  bool finished_ = false;
};

}  // namespace

std::shared_ptr<Activity> serve_socket(Services& services, Follower& follower, std::uint64_t client,
                                       const Request& request) {
  return std::make_shared<Socket>(services, follower, client, upgrade_head(request));
}

}  // namespace weir::edge
