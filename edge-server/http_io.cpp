#include "http_io.hpp"

#include <charconv>

#include "http_head.hpp"

namespace weir::edge {
namespace {

using Fields = http::fields;

/// Who may read the response: the gate has let the origin pass.
void add_cors(Fields& fields, const Request& request) {
  fields.insert(http::field::vary, "Origin");
  const std::string_view origin = field(request, http::field::origin);
  if (origin.empty()) return;
  fields.set(http::field::access_control_allow_origin, origin);
  fields.set(http::field::access_control_expose_headers, "weir-answer, content-range, etag");
}

template <class Message>
void fill_head(Message& message, const Exchange& exchange, const Reply& reply) {
  message.version(exchange.request.version());
  message.result(static_cast<unsigned>(reply.status));
  for (const auto& [name, value] : reply.headers) message.insert(name, value);
  message.set("X-Content-Type-Options", "nosniff");
  add_cors(message, exchange.request);
  message.keep_alive(exchange.keep_alive);
}

bool has_no_body(int status) {
  return status == 204 || status == 304 || status / 100 == 1;
}

bool chunked(const Exchange& exchange) {
  return exchange.request.version() >= 11;
}

}  // namespace

std::string_view field(const Request& request, http::field name) {
  const auto found = request.find(name);
  if (found == request.end()) return {};
  return {found->value().data(), found->value().size()};
}

std::string_view field(const Request& request, std::string_view name) {
  const auto found = request.find(name);
  if (found == request.end()) return {};
  return {found->value().data(), found->value().size()};
}

Task<bool> write_reply(Exchange& exchange, Reply reply) {
  const std::string_view body = reply.body();
  http::response<http::span_body<const char>> response;
  fill_head(response, exchange, reply);
  if (!has_no_body(reply.status)) response.content_length(body.size());
  const bool head_only = exchange.request.method() == http::verb::head || has_no_body(reply.status);
  if (!head_only) response.body() = {body.data(), body.size()};

  // One write at a time, so that the limit is on a client that takes nothing, not on a large file.
  http::response_serializer<http::span_body<const char>> serializer(response);
  serializer.split(head_only);
  while (head_only ? !serializer.is_header_done() : !serializer.is_done()) {
    exchange.stream.expires_after(exchange.write_limit);
    auto [error, bytes] = co_await http::async_write_some(exchange.stream, serializer, no_throw);
    if (error) co_return false;
  }
  exchange.stream.expires_never();
  co_return true;
}

std::string stream_head(Exchange& exchange, const Reply& head) {
  if (!chunked(exchange)) exchange.keep_alive = false;  // HTTP/1.0: the connection's end is the end
  http::response<http::empty_body> response;
  fill_head(response, exchange, head);
  if (chunked(exchange)) response.chunked(true);
  return serialized_head(response);
}

void append_chunk(const Exchange& exchange, std::string& out, std::string_view bytes) {
  if (!chunked(exchange)) {
    out += bytes;
    return;
  }
  constexpr std::size_t digits_most = 16;
  constexpr int hexadecimal = 16;
  char digits[digits_most];
  out.append(digits, std::to_chars(digits, digits + digits_most, bytes.size(), hexadecimal).ptr);
  out += "\r\n";
  out += bytes;
  out += "\r\n";
}

void append_last_chunk(const Exchange& exchange, std::string& out) {
  if (chunked(exchange)) out += "0\r\n\r\n";
}

}  // namespace weir::edge
