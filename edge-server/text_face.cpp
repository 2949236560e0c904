#include "text_face.hpp"

#include <algorithm>
#include <utility>

#include "clock.hpp"
#include "http_exchange.hpp"
#include "websocket_control.hpp"
#include "websocket_handshake.hpp"
#include "weir/relay/text_session.hpp"

namespace weir::edge {
namespace {

using relay::TextSession;

std::unique_ptr<TextSession> ask(Services& services, relay::Client client, std::string_view body) {
  return std::make_unique<TextSession>(services.driver.relay(), services.fresh_id, body,
                                       services.request, now(), client);
}

/// No text of ours may stand in an answer to keep its connection alive, so pings do that.
WebSocketControl::Waits waits(const limits::Server& server) {
  return {std::min(server.keep_alive, server.idle / 2), server.idle};
}

/// One question and its answer over a WebSocket.
class TextSocket : public Activity {
 public:
  TextSocket(Services& services, Follower& follower, relay::Client client, std::string head)
      : services_(services),
        follower_(follower),
        client_(client),
        control_(std::move(head), services.request.body_bytes, waits(services.server), now()),
        draining_(services.draining) {}

  bool append(std::string& out) override {
    if (control_.append_first(out)) return true;
    if (session_ && !control_.closing() && append_frame(out)) return true;
    if (session_ && session_->finished()) control_.close(CloseCode::normal);
    if (!session_ && draining_) control_.close(CloseCode::going_away);
    return control_.append_last(out, now());
  }

  bool finished() const override { return control_.finished(); }
  bool keeps_connection() const override { return false; }
  std::optional<Instant> deadline() const override { return control_.deadline(); }

  bool listens() const override { return true; }

  /// A second question would have its answer mixed into the first one's: it is passed over, as by
  /// the server that these clients know.
  bool receive(std::string_view bytes, bool) override {
    while (const auto text = control_.next_text(bytes, now())) {
      if (!session_) begin(*text);
    }
    services_.driver.settle();
    return true;
  }

  bool takes_begun_answer() override { return std::exchange(begun_answer_, false); }
  bool ends_with_client() const override { return true; }
  void drain() override { draining_ = true; }

  void close() override {
    if (!session_) return;
    services_.driver.forget(session_->reader());
    session_->close(now());
  }

 private:
  void begin(std::string_view request) {
    session_ = ask(services_, client_, request);
    if (session_->reader() != 0) services_.driver.follow(session_->reader(), follower_);
    begun_answer_ = true;
  }

  bool append_frame(std::string& out) {
    static std::string text;
    text.clear();
    if (!session_->append_chunk(text, now())) return false;
    append_text(out, text);
    return true;
  }

  Services& services_;
  Follower& follower_;
  relay::Client client_;
  WebSocketControl control_;
  std::unique_ptr<TextSession> session_;
  bool begun_answer_ = false;
  bool draining_;
};

}  // namespace

std::shared_ptr<Activity> serve_text(Services& services, Follower& follower, relay::Client client,
                                     const Request& request, bool keep_alive) {
  return std::make_shared<HttpExchange<TextSession>>(services, follower,
                                                     ResponseContext::of(request, keep_alive),
                                                     ask(services, client, request.body()), true);
}

std::shared_ptr<Activity> serve_text_socket(Services& services, Follower& follower,
                                            relay::Client client, const Request& request) {
  return std::make_shared<TextSocket>(services, follower, client, upgrade_head(request, {}));
}

}  // namespace weir::edge
