#pragma once

#include <string>

#include "net.hpp"

namespace weir::edge {

/// A message's head as it goes over the wire, with the blank line; the body is the caller's.
template <bool is_request, class Fields>
std::string serialized_head(http::message<is_request, http::empty_body, Fields>& message) {
  http::serializer<is_request, http::empty_body, Fields> serializer(message);
  serializer.split(true);
  std::string text;
  error_code error;
  while (!serializer.is_header_done()) {
    serializer.next(error, [&](error_code&, const auto& buffers) {
      for (const asio::const_buffer part : beast::buffers_range_ref(buffers)) {
        text.append(static_cast<const char*>(part.data()), part.size());
      }
      serializer.consume(beast::buffer_bytes(buffers));
    });
  }
  return text;
}

}  // namespace weir::edge
