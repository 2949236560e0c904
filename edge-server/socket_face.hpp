#pragma once

#include <functional>

#include "http_io.hpp"
#include "services.hpp"

namespace weir::edge {

/// Serves GET /v1/socket from the upgrade to the connection's end. `on_open` is given what asks the
/// socket to close, at once or when its answers have ended. False where the request was refused and
/// the connection can go on with HTTP.
Task<bool> serve_socket(Services& services, Exchange& exchange,
                        std::function<void(Registry::Close)> on_open);

}  // namespace weir::edge
