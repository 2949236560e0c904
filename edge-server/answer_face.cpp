#include "answer_face.hpp"

#include <utility>

#include "clock.hpp"
#include "response.hpp"
#include "weir/relay/http_session.hpp"

namespace weir::edge {
namespace {

using relay::HttpSession;

std::unique_ptr<HttpSession> open_session(Services& services, std::uint64_t client,
                                          const Request& request, const Route& route) {
  relay::Relay& relay = services.driver.relay();
  const std::string_view key = field(request, "Weir-Key");
  switch (request.method()) {
    case http::verb::post:
      return HttpSession::ask(relay, services.fresh_id, key, request.body(), services.server,
                              services.request, now(), client);
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

/// The events of one answer as a response that goes on while the answer is written.
class AnswerStream : public Activity {
 public:
  AnswerStream(Services& services, Follower& follower, ResponseContext context, const Reply& head,
               std::unique_ptr<HttpSession> session, bool asked)
      : services_(services),
        context_(std::move(context)),
        session_(std::move(session)),
        begun_answer_(asked) {
    append_head(head_, context_, head, Body::in_chunks);
    services_.driver.follow(session_->reader(), follower);
  }

  bool append(std::string& out) override {
    if (!head_.empty()) {
      out += std::exchange(head_, {});
      return true;
    }
    static std::string chunk;
    chunk.clear();
    if (!session_->append_chunk(chunk, now())) return false;
    append_chunk(out, context_, chunk);
    if (session_->finished()) append_last_chunk(out, context_);
    return true;
  }

  bool finished() const override { return session_->finished(); }
  bool keeps_connection() const override { return context_.keep_alive && !context_.http_1_0; }
  std::optional<Instant> deadline() const override { return session_->deadline(); }
  void wake(relay::ReaderId) override { session_->wake(); }
  bool takes_begun_answer() override { return std::exchange(begun_answer_, false); }
  bool ends_with_client() const override { return true; }

  void close() override {
    services_.driver.forget(session_->reader());
    session_->close(now());
  }

 private:
  Services& services_;
  ResponseContext context_;
  std::string head_;  ///< until it is sent
  std::unique_ptr<HttpSession> session_;
  bool begun_answer_;
};

}  // namespace

std::shared_ptr<Activity> serve_answer(Services& services, Follower& follower, std::uint64_t client,
                                       const Request& request, const Route& route,
                                       bool keep_alive) {
  ResponseContext context = ResponseContext::of(request, keep_alive);
  std::unique_ptr<HttpSession> session = open_session(services, client, request, route);
  services.driver.settle();  // the provider's part is on its way while the head is put together
  if (route.wait) session->poll(*route.wait, now());
  const HttpSession::Head head = *session->head(now());
  Reply reply = to_reply(head);
  if (head.streams) {
    if (context.http_1_0) context.keep_alive = false;
    const bool asked = request.method() == http::verb::post;
    return std::make_shared<AnswerStream>(services, follower, std::move(context), reply,
                                          std::move(session), asked);
  }
  session->close(now());
  return std::make_shared<Response>(std::move(context), std::move(reply));
}

}  // namespace weir::edge
