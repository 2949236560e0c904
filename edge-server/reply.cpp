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

Reply error_reply(const Error& error, int status) {
  stream::Failed failed;
  failed.error = error;
  return fresh_reply(status, "application/json", wire::write_error_body(failed));
}

Reply error_reply(const Error& error) {
  return error_reply(error, wire::http_status(error.code));
}

}  // namespace weir::edge
