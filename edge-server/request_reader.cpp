#include "request_reader.hpp"

#include <string>
#include <utility>

#include "log.hpp"

namespace weir::edge {

RequestReader::RequestReader(const Gate& gate, const limits::Server& server,
                             const limits::Request& request)
    : gate_(gate), server_(server), limits_(request) {
  parser_.header_limit(static_cast<std::uint32_t>(server.header_bytes));
  parser_.body_limit(request.body_bytes);
}

void RequestReader::read(std::string_view& bytes) {
  while (!done() && !bytes.empty()) {
    error_code error;
    const std::size_t used = parser_.put(asio::buffer(bytes), error);
    bytes.remove_prefix(used);
    if (error == http::error::need_more) return;
    if (error) return refuse_unreadable(error);
    if (parser_.is_header_done() && !std::exchange(header_taken_, true)) take_header();
  }
}

bool RequestReader::takes_wish_to_continue() {
  return std::exchange(wish_to_continue_, false);
}

void RequestReader::take_header() {
  const Request& request = parser_.get();
  const Result<void> admitted =
      gate_.admit(sole_field(request, http::field::host), origin_of(request));
  if (!admitted) {
    log("a request was refused: its Host or Origin is not an allowed one");
    refusal_ = error_reply(admitted.error());
    return;
  }
  // Bodies that another party on the way may see the end of elsewhere.
  if (request.count(http::field::transfer_encoding) > 0 && !parser_.chunked()) {
    refusal_ = error_reply(
        {ErrorCode::invalid_request, "The request's transfer coding is not chunked.", ""}, 400);
    return;
  }
  wish_to_continue_ =
      !parser_.is_done() && beast::iequals(request[http::field::expect], "100-continue");
  parser_.eager(true);
}

ResponseContext RequestReader::refusal_context() const {
  ResponseContext context;
  context.head_only = parser_.get().method() == http::verb::head;
  context.keep_alive = false;
  // A page that may speak to the edge may read why.
  const auto origin = origin_of(parser_.get());
  if (origin && gate_.admit(sole_field(parser_.get(), http::field::host), origin)) {
    context.origin = *origin;
  }
  return context;
}

void RequestReader::refuse_unreadable(const error_code& error) {
  if (error == http::error::body_limit) {
    refusal_ = error_reply(
        {ErrorCode::request_too_large,
         "The request's body is larger than " + std::to_string(limits_.body_bytes) + " bytes.",
         "Send fewer or shorter messages and passages."});
  } else if (error == http::error::header_limit) {
    refusal_ = error_reply(
        {ErrorCode::request_too_large,
         "The request's header is larger than " + std::to_string(server_.header_bytes) + " bytes.",
         ""},
        431);
  } else {
    refusal_ =
        error_reply({ErrorCode::invalid_request, "The request is not valid HTTP/1.1.", ""}, 400);
  }
}

}  // namespace weir::edge
