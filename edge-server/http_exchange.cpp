#include "http_exchange.hpp"

namespace weir::edge {

Reply to_reply(relay::HttpHead head) {
  Reply reply;
  reply.status = head.status;
  reply.text = std::move(head.body);
  reply.headers.emplace_back("Cache-Control", "no-store");
  if (!head.content_type.empty()) {
    reply.headers.emplace_back("Content-Type", std::move(head.content_type));
  }
  if (head.answer) reply.headers.emplace_back("Weir-Answer", to_hex(*head.answer));
  if (head.retry_after_seconds) {
    reply.headers.emplace_back("Retry-After", std::to_string(*head.retry_after_seconds));
  }
  // What OpenAI's clients look for before they repeat a request by themselves.
  if (head.final) reply.headers.emplace_back("X-Should-Retry", "false");
  // Proxies of nginx's kind pass a stream on as it comes only when told so.
  if (head.streams) reply.headers.emplace_back("X-Accel-Buffering", "no");
  return reply;
}

}  // namespace weir::edge
