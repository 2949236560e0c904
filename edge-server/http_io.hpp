#pragma once

#include <string>
#include <string_view>

#include "net.hpp"
#include "reply.hpp"
#include "weir/base/time.hpp"

namespace weir::edge {

using Request = http::request<http::string_body>;

/// One request that has passed the gate, and the connection that waits for its response.
struct Exchange {
  beast::tcp_stream& stream;
  Request request;
  bool keep_alive = true;
  Duration write_limit;  ///< for each write
};

/// A header field's value, empty where it was not sent.
std::string_view field(const Request& request, http::field name);
std::string_view field(const Request& request, std::string_view name);

/// All of these are false once the connection is broken.
Task<bool> write_reply(Exchange& exchange, Reply reply);
/// The head of a response whose length is not known; then any number of chunks; then the end.
Task<bool> write_stream_head(Exchange& exchange, Reply head);
Task<bool> write_chunk(Exchange& exchange, std::string bytes);
Task<bool> write_stream_end(Exchange& exchange);

}  // namespace weir::edge
