#pragma once

#include <cstdint>
#include <memory>

#include "activity.hpp"
#include "follower.hpp"
#include "http_io.hpp"
#include "services.hpp"

/// deepwiki-open's chat: answers as plain text (relay::TextSession).
namespace weir::edge {

/// POST /chat/completions/stream.
std::shared_ptr<Activity> serve_text(Services& services, Follower& follower, relay::Client client,
                                     const Request& request, bool keep_alive);

/// GET /ws/chat: the client's first text is the request, texts come back, then the edge closes. The
/// request is one that refuse_upgrade() lets pass.
std::shared_ptr<Activity> serve_text_socket(Services& services, Follower& follower,
                                            relay::Client client, const Request& request);

}  // namespace weir::edge
