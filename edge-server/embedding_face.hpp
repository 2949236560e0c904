#pragma once

#include <memory>

#include "activity.hpp"
#include "follower.hpp"
#include "http_io.hpp"
#include "services.hpp"

namespace weir::edge {

/// POST /v1/embeddings, OpenAI's (relay::EmbeddingSession).
std::shared_ptr<Activity> serve_embeddings(Services& services, Follower& follower,
                                           relay::Client client, const Request& request,
                                           bool keep_alive);

}  // namespace weir::edge
