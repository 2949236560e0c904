#include "answer_face.hpp"

#include <sys/socket.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <memory>
#include <optional>

#include "wake.hpp"
#include "weir/relay/http_session.hpp"

namespace weir::edge {
namespace {

using relay::HttpSession;

std::unique_ptr<HttpSession> open_session(Services& services, const Request& request,
                                          const Route& route) {
  relay::Relay& relay = services.driver.relay();
  const std::string_view key = field(request, "Weir-Key");
  switch (request.method()) {
    case http::verb::post:
      return HttpSession::ask(relay, services.fresh_id, key, request.body(), services.server,
                              services.request, now());
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

/// One exchange about an answer. Chunks are pulled when the last one is written, so a slow client
/// costs its socket's buffer and nothing more.
class AnswerExchange : public Follower, public std::enable_shared_from_this<AnswerExchange> {
 public:
  AnswerExchange(Services& services, Exchange& exchange, const Route& route)
      : services_(services),
        exchange_(exchange),
        wake_(exchange.stream.get_executor()),
        session_(open_session(services, exchange.request, route)) {
    if (session_->reader() != 0) services_.driver.follow(session_->reader(), *this);
  }

  Task<bool> serve() {
    watch_for_end();
    services_.driver.settle();
    std::optional<HttpSession::Head> head;
    while (!(head = session_->head(now()))) {
      services_.driver.settle();
      co_await wake_.sleep(session_->deadline());
      if (gone_) co_return false;
    }
    services_.driver.settle();
    Reply reply = to_reply(*head);
    if (!head->streams) co_return co_await write_reply(exchange_, std::move(reply));
    const bool begun = co_await write_stream_head(exchange_, std::move(reply));
    if (!begun) co_return false;
    co_return co_await write_events();
  }

  /// Must be called before the connection goes on or goes away.
  void end() {
    over_ = true;
    stop_watching_.emit(asio::cancellation_type::all);
    if (session_->reader() != 0) services_.driver.forget(session_->reader());
    session_->close(now());
    services_.driver.settle();
  }

  void wake(relay::ReaderId) override {
    session_->wake();
    wake_.raise();
  }

 private:
  Task<bool> write_events() {
    while (!gone_) {
      std::optional<std::string> chunk = session_->next_chunk(now());
      services_.driver.settle();
      if (chunk) {
        const bool written = co_await write_chunk(exchange_, *std::move(chunk));
        if (!written) co_return false;
      } else if (session_->finished()) {
        co_return co_await write_stream_end(exchange_);
      } else {
        co_await wake_.sleep(session_->deadline());
      }
    }
    co_return false;
  }

  /// A client that goes away while the answer is silent would otherwise be noticed at the next
  /// write only. One that sends its next request early is not watched any more.
  void watch_for_end() {
    exchange_.stream.socket().async_wait(
        tcp::socket::wait_read,
        asio::bind_cancellation_slot(stop_watching_.slot(),
                                     [self = shared_from_this()](error_code error) {
                                       if (!self->over_ && (error || self->at_end())) self->leave();
                                     }));
  }

  bool at_end() {
    char byte = 0;
    const int socket = exchange_.stream.socket().native_handle();
    return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
  }

  void leave() {
    gone_ = true;
    wake_.raise();
  }

  Services& services_;
  Exchange& exchange_;
  Wake wake_;
  std::unique_ptr<HttpSession> session_;
  asio::cancellation_signal stop_watching_;
  bool gone_ = false;
  bool over_ = false;
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
