#include "completion_face.hpp"

#include <ctime>

#include "clock.hpp"
#include "http_exchange.hpp"
#include "weir/relay/completion_session.hpp"

namespace weir::edge {

std::shared_ptr<Activity> serve_completion(Services& services, Follower& follower,
                                           relay::Client client, const Request& request,
                                           bool keep_alive) {
  using relay::CompletionSession;
  auto session = std::make_unique<CompletionSession>(
      services.driver.relay(), services.fresh_id, request.body(), services.server, services.request,
      std::time(nullptr), now(), client);
  return std::make_shared<HttpExchange<CompletionSession>>(
      services, follower, ResponseContext::of(request, keep_alive), std::move(session), true);
}

}  // namespace weir::edge
