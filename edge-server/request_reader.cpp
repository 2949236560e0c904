#include "request_reader.hpp"

#include <iterator>
#include <string>
#include <utility>

#include "log.hpp"

namespace weir::edge {
namespace {

/// A line that goes on in the next one (RFC 9112, 5.2). Beast takes whole lines, and hides it.
bool has_fold(std::string_view lines) {
  return lines.find("\r\n ") != lines.npos || lines.find("\r\n\t") != lines.npos;
}

/// What another party on the way may read in another way than Beast does, and then sees the
/// request's end elsewhere (RFC 9112, 11.2); empty where there is no such thing.
std::string_view fault_of(const http::request_header<>& header, bool folded) {
  constexpr unsigned http_1_0 = 10, http_1_1 = 11;
  if (header.version() != http_1_0 && header.version() != http_1_1) {
    return "The request is not of HTTP/1.1.";
  }
  if (!header.target().starts_with('/')) return "The request's target is no path.";
  if (folded) return "A line of the request's header is folded.";
  if (header.count(http::field::content_length) > 1) return "The request has two lengths.";
  const auto length = header[http::field::content_length];
  if (length.find_first_not_of("0123456789") != length.npos) {
    return "The request's length is no number.";
  }
  if (header.count(http::field::transfer_encoding) == 0) return {};
  const auto [first, end] = header.equal_range(http::field::transfer_encoding);
  const bool chunked = std::next(first) == end && beast::iequals(first->value(), "chunked");
  if (!chunked) return "The request's transfer coding is not chunked.";
  if (header.version() == http_1_0) return "HTTP/1.0 has no transfer codings.";
  return {};
}

}  // namespace

RequestReader::RequestReader(const Gate& gate, const limits::Server& server,
                             const limits::Request& request)
    : gate_(gate), server_(server), limits_(request) {
  parser_.header_limit(static_cast<std::uint32_t>(server.header_bytes));
  parser_.body_limit(request.body_bytes);
}

void RequestReader::read(std::string_view& bytes) {
  while (!done() && !bytes.empty()) {
    if (at_first_chunk() && bytes.size() < chunks_least) return;
    error_code error;
    const std::size_t used = parser_.put(asio::buffer(bytes), error);
    if (!header_taken_) take_header_bytes(bytes.substr(0, used), error);
    bytes.remove_prefix(used);
    // What Beast leaves is part of a header, of a chunk's line or of trailers; of the latter two it
    // would let any amount come.
    if (error == http::error::need_more && bytes.size() <= server_.header_bytes) return;
    if (error == http::error::need_more) error = http::error::header_limit;
    if (error) return refuse_unreadable(error);
    if (parser_.is_header_done() && !std::exchange(header_taken_, true)) take_header();
  }
}

/// Lines of the header, each as soon as it is whole: Beast limits what it cannot take yet, not how
/// many of them there are.
void RequestReader::take_header_bytes(std::string_view bytes, error_code& error) {
  folded_ = folded_ || has_fold(bytes);
  header_bytes_ += bytes.size();
  if (header_bytes_ > server_.header_bytes) error = http::error::header_limit;
}

bool RequestReader::at_first_chunk() const {
  return header_taken_ && parser_.chunked() && parser_.get().body().empty();
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
  if (const std::string_view fault = fault_of(request, folded_); !fault.empty()) {
    refusal_ = error_reply({ErrorCode::invalid_request, std::string(fault), ""}, 400);
    return;
  }
  if (parser_.chunked()) header_ = request.base();
  wish_to_continue_ =
      !parser_.is_done() && beast::iequals(request[http::field::expect], "100-continue");
  parser_.eager(true);
}

/// Beast takes trailers for fields of the header, which the gate has judged without them (RFC 9110,
/// 6.5.1: they are not merged where nobody knows what they mean).
Request RequestReader::release() {
  Request request = parser_.release();
  if (header_) request.base() = *std::move(header_);
  return request;
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
