#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http_io.hpp"
#include "reply.hpp"

namespace weir::edge {

/// Why this request cannot become a WebSocket of ours (RFC 6455, 4.2.1); nothing where it can.
/// `subprotocol`: what has to be offered; empty: the face has none.
std::optional<Reply> refuse_upgrade(const Request& request, std::string_view subprotocol);

/// The response's head that makes it one.
std::string upgrade_head(const Request& request, std::string_view subprotocol);

}  // namespace weir::edge
