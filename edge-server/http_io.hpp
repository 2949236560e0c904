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

/// False once the connection is broken.
Task<bool> write_reply(Exchange& exchange, Reply reply);

/// The head of a response whose length is not known, as bytes; then any number of chunks; then the
/// end.
std::string stream_head(Exchange& exchange, const Reply& head);
void append_chunk(const Exchange& exchange, std::string& out, std::string_view bytes);
void append_last_chunk(const Exchange& exchange, std::string& out);

}  // namespace weir::edge
