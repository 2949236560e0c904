#include "answer_face.hpp"

#include <sys/socket.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "lazy_timer.hpp"
#include "output.hpp"
#include "wake.hpp"
#include "weir/relay/http_session.hpp"

namespace weir::edge {
namespace {

using relay::HttpSession;

std::unique_ptr<HttpSession> open_session(Services& services, Exchange& exchange,
                                          const Route& route) {
  const Request& request = exchange.request;
  relay::Relay& relay = services.driver.relay();
  const std::string_view key = field(request, "Weir-Key");
  switch (request.method()) {
    case http::verb::post:
      return HttpSession::ask(relay, services.fresh_id, key, request.body(), services.server,
                              services.request, now(),
                              services.client_of(exchange.stream.socket()));
    case http::verb::delete_:
      return HttpSession::cancel(relay, route.name, key, services.server, now());
    default: {
      const std::string_view last = field(request, "Last-Event-ID");
      return HttpSession::follow(relay, route.name, last.empty() ? route.after : last,
                                 services.server, now());
    }
  }
}

Reply to_reply(const HttpSession::Head& head) {
  Reply reply;
  reply.status = head.status;
  reply.text = head.body;
  reply.headers.emplace_back("Cache-Control", "no-store");
  if (!head.content_type.empty()) reply.headers.emplace_back("Content-Type", head.content_type);
  if (head.answer) reply.headers.emplace_back("Weir-Answer", to_hex(*head.answer));
  if (head.retry_after_seconds) {
    reply.headers.emplace_back("Retry-After", std::to_string(*head.retry_after_seconds));
  }
  // Proxies of nginx's kind pass a stream on as it comes only when told so.
  if (head.streams) reply.headers.emplace_back("X-Accel-Buffering", "no");
  return reply;
}

/// One exchange about an answer. Chunks are pulled whenever there is something and the socket has
/// taken everything before, so a slow client costs one helping of bytes and its socket.
class AnswerExchange : public Follower {
 public:
  AnswerExchange(Services& services, Exchange& exchange, const Route& route)
      : services_(services),
        exchange_(exchange),
        output_(exchange.stream.socket()),
        timer_(exchange.stream.get_executor()),
        over_(exchange.stream.get_executor()),
        session_(open_session(services, exchange, route)) {
    if (route.wait) session_->poll(*route.wait, now());
    exchange.request.body() = {};
    output_.on_drained = [this] { write(); };
    output_.on_broken = [this] { leave(); };
    if (session_->reader() != 0) services_.driver.follow(session_->reader(), *this);
  }

  Task<bool> serve() {
    watch_for_end();
    std::optional<HttpSession::Head> head = session_->head(now());
    Reply reply = to_reply(*head);
    if (!head->streams) {
      services_.driver.settle();
      co_return co_await write_reply(exchange_, std::move(reply));
    }
    output_.bytes() = stream_head(exchange_, reply);
    head.reset();
    streaming_ = true;
    holding_ = exchange_.request.method() == http::verb::post;
    write();
    if (std::exchange(holding_, false)) {
      timer_.arm(now() + services_.server.first_event, shared_from_this(),
                 [this] { time_is_up(); });
    }
    while (!gone_ && !done_) co_await over_.sleep(std::nullopt);
    co_return done_;
  }

  /// Must be called before the connection goes on or goes away.
  void end() {
    ended_ = true;
    stop_watching_.emit(asio::cancellation_type::all);
    timer_.cancel();
    if (session_->reader() != 0) services_.driver.forget(session_->reader());
    session_->close(now());
    services_.driver.settle();
  }

  void wake(relay::ReaderId) override { session_->wake(); }

  void write() override {
    if (!streaming_ || gone_ || done_ || ended_) return;
    output_.pull(shared_from_this(), [this] { return append_chunk(); });
    if (!holding_ || session_->finished()) output_.flush(shared_from_this());
    services_.driver.settle();
    if (session_->finished() && !output_.busy() && !gone_) {
      done_ = true;
      return over_.raise();
    }
    keep_time();
  }

 private:
  bool append_chunk() {
    static std::string chunk;
    chunk.clear();
    if (!session_->append_chunk(chunk, now())) return false;
    edge::append_chunk(exchange_, output_.bytes(), chunk);
    if (session_->finished()) append_last_chunk(exchange_, output_.bytes());
    return true;
  }

  /// The session's keep-alive, and the limit on a client that takes nothing.
  void keep_time() {
    std::optional<Instant> due = session_->deadline();
    if (output_.stuck_since()) due = *output_.stuck_since() + services_.server.write;
    if (due) timer_.arm(*due, shared_from_this(), [this] { time_is_up(); });
  }

  void time_is_up() {
    if (gone_ || done_ || ended_) return;
    const auto since = output_.stuck_since();
    if (since && now() - *since >= services_.server.write) return leave();
    write();
  }

  /// A client that goes away while the answer is silent would otherwise be noticed at the next
  /// write only. One that sends its next request early is not watched any more.
  void watch_for_end() {
    exchange_.stream.socket().async_wait(
        tcp::socket::wait_read,
        asio::bind_cancellation_slot(stop_watching_.slot(),
                                     [self = shared_from_this(), this](error_code error) {
                                       if (!ended_ && (error || at_end())) leave();
                                     }));
  }

  bool at_end() {
    char byte = 0;
    const int socket = exchange_.stream.socket().native_handle();
    return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
  }

  void leave() {
    gone_ = true;
    over_.raise();
  }

  Services& services_;
  Exchange& exchange_;
  Output output_;
  LazyTimer timer_;
  Wake over_;  ///< raised when the client is gone or has everything
  std::unique_ptr<HttpSession> session_;
  asio::cancellation_signal stop_watching_;
  bool holding_ = false;  ///< what is put together is sent a little later
  bool streaming_ = false;
  bool gone_ = false;
  bool done_ = false;
  bool ended_ = false;
};

}  // namespace

Task<bool> serve_answer(Services& services, Exchange& exchange, const Route& route) {
  const auto answer = std::make_shared<AnswerExchange>(services, exchange, route);
  struct End {
    AnswerExchange& answer;
    ~End() { answer.end(); }
  } end{*answer};
  co_return co_await answer->serve();
}

}  // namespace weir::edge
