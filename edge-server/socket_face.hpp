#pragma once

#include <functional>
#include <optional>

#include "http_io.hpp"
#include "services.hpp"

namespace weir::edge {

/// Why this request cannot become a WebSocket of ours; nothing where it can.
std::optional<Reply> refuse_socket(const Request& request);

/// Serves GET /v1/socket from the upgrade to the connection's end. `on_open` is given what asks the
/// socket to close, at once or when its answers have ended. Takes the exchange's connection over.
Task<> serve_socket(Services& services, Exchange exchange,
                    std::function<void(Registry::Close)> on_open);

}  // namespace weir::edge
