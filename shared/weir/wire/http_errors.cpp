#include "weir/json/json.hpp"
#include "weir/wire/event_json.hpp"
#include "weir/wire/frames.hpp"

namespace weir::wire {
namespace {

constexpr int content_too_large = 413;

/// What a server that is no edge has said: a proxy on the way, or whoever else is at the address.
stream::Failed strange_refusal(int status) {
  stream::Failed failed;
  if (status == content_too_large) {
    failed.error = {ErrorCode::request_too_large,
                    "A server on the way to the edge takes no request of this size.",
                    "Send fewer or shorter passages, or let the proxy pass on larger requests."};
    return failed;
  }
  failed.error = {ErrorCode::internal,
                  "The server answered with HTTP status " + std::to_string(status) +
                      " and no error that Weir knows.",
                  "Check that the edge's address is right and that a proxy lets it through."};
  // 5xx and 429 pass by; what else was said will be said again.
  failed.retryable = status >= 500 || status == 429;
  return failed;
}

}  // namespace

std::string write_error_body(const stream::Failed& failed) {
  std::string members;
  const stream::Event event = failed;
  append_members(members, {0, &event});
  close_object(members, 0);
  return R"({"error":)" + members + "}";
}

stream::Failed read_error_body(int status, std::string_view body) {
  if (const auto object = json::parse(body, 16)) {
    const json::Value* error = json::find(*object, "error");
    if (error && error_code(json::string_or(*error, "code"))) return read_failed(*error);
  }
  return strange_refusal(status);
}

int http_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_request:
      return 400;
    case ErrorCode::unauthorized:
      return 401;
    case ErrorCode::forbidden_origin:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::provider_model_missing:
      return 404;
    case ErrorCode::cancelled:
      return 410;
    case ErrorCode::request_too_large:
      return 413;
    case ErrorCode::context_too_long:
      return 422;
    case ErrorCode::rate_limited:
      return 429;
    case ErrorCode::provider_quota:
      return 429;
    case ErrorCode::provider_auth:
      return 502;
    case ErrorCode::provider_unreachable:
      return 502;
    case ErrorCode::provider_cut:
      return 502;
    case ErrorCode::provider_error:
      return 502;
    case ErrorCode::queue_full:
      return 503;
    case ErrorCode::provider_timeout:
      return 504;
    case ErrorCode::internal:
    case ErrorCode::pack_damaged:
    case ErrorCode::pack_unsupported:
      return 500;
  }
  return 500;
}

}  // namespace weir::wire
