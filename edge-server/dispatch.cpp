#include "dispatch.hpp"

#include <ctime>
#include <utility>

#include "answer_face.hpp"
#include "archive_face.hpp"
#include "completion_face.hpp"
#include "deepwiki.hpp"
#include "embedding_face.hpp"
#include "operations.hpp"
#include "preflight.hpp"
#include "response.hpp"
#include "routes.hpp"
#include "socket_face.hpp"
#include "text_face.hpp"
#include "websocket_handshake.hpp"
#include "weir/wire/frames.hpp"

namespace weir::edge {
namespace {

Reply not_allowed(const Route& route) {
  Reply reply =
      error_reply({ErrorCode::invalid_request, "This path does not take this method.", ""}, 405);
  reply.headers.emplace_back("Allow", std::string(route.allowed));
  return reply;
}

FileRequest file_request(const Request& request) {
  return {field(request, http::field::range), field(request, http::field::if_range),
          field(request, http::field::if_none_match), field(request, http::field::accept_encoding)};
}

/// What can be said at once; an answer and a WebSocket go on.
Reply reply_at(const Route& route, const Request& request, Services& services) {
  switch (route.place) {
    case Place::providers:
      return providers_reply(services.driver.relay().catalog());
    case Place::forges:
      return forges_reply(services.forges);
    case Place::packs:
      return services.packs.list();
    case Place::pack:
      return services.packs.file(route.name, file_request(request));
    case Place::live:
      return text_reply("live\n");
    case Place::ready:
      return ready_reply(services.draining);
    case Place::metrics:
      return metrics_reply(services.driver.relay().figures(), services.driver.pool_figures(),
                           services.registry.size());
    case Place::models:
      return models_reply(services.driver.relay().catalog());
    case Place::model:
      return model_reply(services.driver.relay().catalog(), route.name);
    case Place::model_choice:
      return model_choice_reply(services.driver.relay().catalog());
    case Place::languages:
      return languages_reply();
    case Place::sign_in:
      return sign_in_reply();
    case Place::sign_in_code:
      return sign_in_code_reply();
    case Place::health:
      return health_reply(std::time(nullptr));
    case Place::site:
      return services.site.file(route.name, file_request(request));
    default:
      return error_reply({ErrorCode::not_found, "There is nothing at this path.", ""});
  }
}

}  // namespace

std::shared_ptr<Activity> dispatch(Services& services, Follower& follower, std::uint64_t client,
                                   Request request, bool keep_alive) {
  const auto respond = [&](Reply reply) {
    return std::make_shared<Response>(ResponseContext::of(request, keep_alive), std::move(reply));
  };
  const Result<Route> route = find_route({request.target().data(), request.target().size()});
  const std::string_view method(request.method_string().data(), request.method_string().size());
  if (!route) return respond(error_reply(route.error()));
  if (request.method() == http::verb::options) {
    return respond(
        preflight_reply(field(request, "Access-Control-Request-Headers"),
                        !field(request, "Access-Control-Request-Private-Network").empty()));
  }
  if (route->place != Place::nothing && !route->allows(method)) return respond(not_allowed(*route));
  switch (route->place) {
    case Place::socket:
      if (auto refusal = refuse_upgrade(request, wire::subprotocol)) {
        return respond(*std::move(refusal));
      }
      return serve_socket(services, follower, client, request);
    case Place::completions:
      return serve_completion(services, follower, client, request, keep_alive);
    case Place::embeddings:
      return serve_embeddings(services, follower, request, keep_alive);
    case Place::archive:
      return serve_archive(services, follower, request, keep_alive);
    case Place::text_socket:
      if (auto refusal = refuse_upgrade(request, {})) return respond(*std::move(refusal));
      return serve_text_socket(services, follower, client, request);
    case Place::text_answers:
      return serve_text(services, follower, client, request, keep_alive);
    case Place::answers:
    case Place::answer:
      return serve_answer(services, follower, client, request, *route, keep_alive);
    default:
      return respond(reply_at(*route, request, services));
  }
}

}  // namespace weir::edge
