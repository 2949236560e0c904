#pragma once

#include <cstdint>
#include <memory>

#include "activity.hpp"
#include "follower.hpp"
#include "http_io.hpp"
#include "routes.hpp"
#include "services.hpp"

namespace weir::edge {

/// Begins an exchange about an answer: asks, follows or cancels (relay::HttpSession).
std::shared_ptr<Activity> serve_answer(Services& services, Follower& follower, relay::Client client,
                                       const Request& request, const Route& route, bool keep_alive);

}  // namespace weir::edge
