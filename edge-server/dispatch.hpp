#pragma once

#include <cstdint>
#include <memory>

#include "activity.hpp"
#include "follower.hpp"
#include "http_io.hpp"
#include "services.hpp"

namespace weir::edge {

/// Begins what a request asks for: the response, or a WebSocket. `follower` carries it out and must
/// outlive it; `address` tells clients apart that say nothing of themselves (Clients::client_of).
std::shared_ptr<Activity> dispatch(Services& services, Follower& follower, std::uint64_t address,
                                   Request request, bool keep_alive);

}  // namespace weir::edge
