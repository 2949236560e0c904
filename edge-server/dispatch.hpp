#pragma once

#include <cstdint>
#include <memory>

#include "activity.hpp"
#include "follower.hpp"
#include "http_io.hpp"
#include "services.hpp"

namespace weir::edge {

/// Begins what a request asks for: the response, or a WebSocket. `follower` carries it out and must
/// outlive it; `client` tells clients apart, as in relay::Ask.
std::shared_ptr<Activity> dispatch(Services& services, Follower& follower, std::uint64_t client,
                                   Request request, bool keep_alive);

}  // namespace weir::edge
