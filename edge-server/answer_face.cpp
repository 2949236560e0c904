#include "answer_face.hpp"

#include <utility>

#include "clock.hpp"
#include "http_exchange.hpp"
#include "weir/relay/http_session.hpp"

namespace weir::edge {
namespace {

using relay::HttpSession;

std::unique_ptr<HttpSession> open_session(Services& services, relay::Client client,
                                          const Request& request, const Route& route) {
  relay::Relay& relay = services.driver.relay();
  const std::string_view key = field(request, "Weir-Key");
  switch (request.method()) {
    case http::verb::post:
      return HttpSession::ask(relay, services.fresh_id, key, request.body(), services.server,
                              services.request, now(), client);
    case http::verb::delete_:
      return HttpSession::cancel(relay, route.name, key, services.server, now());
    default: {
      const std::string_view last = field(request, "Last-Event-ID");
      return HttpSession::follow(relay, route.name, last.empty() ? route.after : last,
                                 services.server, now());
    }
  }
}

}  // namespace

std::shared_ptr<Activity> serve_answer(Services& services, Follower& follower, relay::Client client,
                                       const Request& request, const Route& route,
                                       bool keep_alive) {
  ResponseContext context = ResponseContext::of(request, keep_alive);
  std::unique_ptr<HttpSession> session = open_session(services, client, request, route);
  services.driver.settle();  // the provider's part is on its way while the head is put together
  if (route.wait) session->poll(*route.wait, now());
  const bool asks = request.method() == http::verb::post;
  return std::make_shared<HttpExchange<HttpSession>>(services, follower, std::move(context),
                                                     std::move(session), asks);
}

}  // namespace weir::edge
