#include "reply.hpp"

#include "weir/wire/frames.hpp"

namespace weir::edge {
namespace {

Reply fresh_reply(int status, std::string_view type, std::string text) {
  Reply reply;
  reply.status = status;
  reply.headers = {{"Content-Type", std::string(type)}, {"Cache-Control", "no-store"}};
  reply.text = std::move(text);
  return reply;
}

}  // namespace

Reply json_reply(const json::Value& value) {
  return fresh_reply(200, "application/json", json::write(value));
}

Reply text_reply(std::string text) {
  return fresh_reply(200, "text/plain; charset=utf-8", std::move(text));
}

Reply to_reply(relay::HttpHead head) {
  Reply reply;
  reply.status = head.status;
  reply.text = std::move(head.body);
  reply.headers.emplace_back("Cache-Control", "no-store");
  if (!head.content_type.empty()) {
    reply.headers.emplace_back("Content-Type", std::move(head.content_type));
  }
  if (head.answer) reply.headers.emplace_back("Weir-Answer", to_hex(*head.answer));
  if (head.reused != stream::Reused::no) {
    reply.headers.emplace_back("Weir-Reused", std::string(stream::name(head.reused)));
  }
  if (head.retry_after_seconds) {
    reply.headers.emplace_back("Retry-After", std::to_string(*head.retry_after_seconds));
  }
  // What OpenAI's clients look for before they repeat a request by themselves.
  if (head.final) reply.headers.emplace_back("X-Should-Retry", "false");
  // Proxies of nginx's kind pass a stream on as it comes only when told so.
  if (head.streams) reply.headers.emplace_back("X-Accel-Buffering", "no");
  return reply;
}

Reply error_reply(const Error& error, int status) {
  stream::Failed failed;
  failed.error = error;
  return fresh_reply(status, "application/json", wire::write_error_body(failed));
}

Reply error_reply(const Error& error) {
  return error_reply(error, wire::http_status(error.code));
}

}  // namespace weir::edge
