#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net.hpp"
#include "reply.hpp"

namespace weir::edge {

using Request = http::request<http::string_body>;

/// A header field's value, empty where it was not sent.
std::string_view field(const Request& request, http::field name);
std::string_view field(const Request& request, std::string_view name);
/// The values of a field that may come several times, with commas between them (RFC 9110, 5.3).
std::string joined_field(const Request& request, std::string_view name);
/// The value of a field that must not come twice; nothing where it did, or did not come.
std::optional<std::string_view> sole_field(const Request& request, http::field name);
/// The Origin header's value, nothing where it was not sent. A second one is nobody's origin.
std::optional<std::string_view> origin_of(const Request& request);

/// What a response has to know of its request.
struct ResponseContext {
  bool http_1_0 = false;   ///< no chunks: the connection's end is the end
  bool head_only = false;  ///< HEAD
  bool keep_alive = true;  ///< another request may follow
  std::string origin;      ///< whose page may read it; empty where there is none

  static ResponseContext of(const Request& request, bool keep_alive);
};

/// The head of a response, as bytes.
enum class Body : std::uint8_t { none, of_length, in_chunks };
void append_head(std::string& out, const ResponseContext& context, const Reply& reply, Body body,
                 std::size_t length = 0);

/// No body in chunks has fewer bytes. Beast asserts that it sees so many of its first chunk, where
/// that is the last one, and must be given no fewer.
constexpr std::size_t chunks_least = std::string_view("0\r\n\r\n").size();

/// One chunk of a body in chunks (RFC 9112, 7.1). HTTP/1.0 has none: to its clients the bytes go as
/// they are, and the connection's end is the body's.
void append_chunk(std::string& out, const ResponseContext& context, std::string_view bytes);
void append_last_chunk(std::string& out, const ResponseContext& context);

}  // namespace weir::edge
