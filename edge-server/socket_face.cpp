#include "socket_face.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "clock.hpp"
#include "websocket_control.hpp"
#include "websocket_handshake.hpp"
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
  Socket(Services& services, Follower& follower, relay::Admit admit, std::string head)
      : services_(services),
        follower_(follower),
        control_(std::move(head), services.request.body_bytes * oversize_factor,
                 {services.server.idle / 2, services.server.idle}, now()),
        session_(services.driver.relay(), services.fresh_id, services.server, services.request,
                 now(), std::move(admit)),
        draining_(services.draining) {
    session_.on_reader = [this](relay::ReaderId reader) { add_reader(reader); };
  }

  bool append(std::string& out) override {
    if (control_.append_first(out)) return true;
    if (draining_ && !std::exchange(told_draining_, true)) {
      append_text(out, draining_frame());
      return true;
    }
    if (!control_.closing() && append_frame(out)) return true;
    if (draining_ && session_.idle()) control_.close(CloseCode::going_away);
    return control_.append_last(out, now());
  }

  bool finished() const override { return control_.finished(); }
  bool keeps_connection() const override { return false; }

  /// The session's keep-alive, and the client's silence.
  std::optional<Instant> deadline() const override {
    return std::min(*session_.deadline(), control_.deadline());
  }

  void wake(relay::ReaderId reader) override { session_.wake(reader); }

  bool listens() const override { return true; }

  bool receive(std::string_view bytes, bool unread) override {
    while (const auto text = control_.next_text(bytes, now())) {
      if (session_.receive(*text, now())) begun_answer_ = true;
      unread_ = unread ? unread_ + 1 : 0;
      if (unread_ > unread_messages_most) return false;
    }
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
  bool append_frame(std::string& out) {
    static std::string frame;
    frame.clear();
    if (!session_.append_frame(frame, now())) return false;
    append_text(out, frame);
    return true;
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
  WebSocketControl control_;
  relay::SocketSession session_;
  std::vector<relay::ReaderId> followed_;
  std::size_t unread_ = 0;
  bool begun_answer_ = false;
  bool draining_ = false;
  bool told_draining_ = false;
};

}  // namespace

std::shared_ptr<Activity> serve_socket(Services& services, Follower& follower, relay::Admit admit,
                                       const Request& request) {
  return std::make_shared<Socket>(services, follower, std::move(admit),
                                  upgrade_head(request, wire::subprotocol));
}

}  // namespace weir::edge
