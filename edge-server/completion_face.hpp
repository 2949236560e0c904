#pragma once

#include <cstdint>
#include <memory>

#include "activity.hpp"
#include "follower.hpp"
#include "http_io.hpp"
#include "services.hpp"

namespace weir::edge {

/// POST /v1/chat/completions, OpenAI's (relay::CompletionSession).
std::shared_ptr<Activity> serve_completion(Services& services, Follower& follower,
                                           relay::Client client, const Request& request,
                                           bool keep_alive);

}  // namespace weir::edge
