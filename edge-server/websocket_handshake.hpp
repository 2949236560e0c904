#pragma once

#include <optional>
#include <string>

#include "http_io.hpp"
#include "reply.hpp"

namespace weir::edge {

/// Why this request cannot become a WebSocket of ours (RFC 6455, 4.2.1); nothing where it can.
std::optional<Reply> refuse_upgrade(const Request& request);

/// The response's head that makes it one.
std::string upgrade_head(const Request& request);

}  // namespace weir::edge
