#pragma once

#include <cstdint>
#include <memory>

#include "activity.hpp"
#include "follower.hpp"
#include "http_io.hpp"
#include "services.hpp"

namespace weir::edge {

/// A WebSocket from its upgrade on. The request is one that refuse_upgrade() lets pass.
std::shared_ptr<Activity> serve_socket(Services& services, Follower& follower, relay::Admit admit,
                                       const Request& request);

}  // namespace weir::edge
