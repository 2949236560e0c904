#include "dispatch.hpp"

#include <ctime>
#include <utility>

#include "answer_face.hpp"
#include "archive_face.hpp"
#include "clock.hpp"
#include "completion_face.hpp"
#include "credentials.hpp"
#include "deepwiki.hpp"
#include "embedding_face.hpp"
#include "metrics.hpp"
#include "operations.hpp"
#include "preflight.hpp"
#include "response.hpp"
#include "routes.hpp"
#include "socket_face.hpp"
#include "text_face.hpp"
#include "websocket_handshake.hpp"
#include "weir/relay/openai_face.hpp"
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

Result<relay::Client> admit(Services& services, std::string_view credential,
                            std::uint64_t address) {
  return services.access.admit(credential, address, now(), std::time(nullptr));
}

/// The trace that the request says it belongs to, or a new one.
relay::Client within_trace(Services& services, relay::Client client,
                           const std::optional<wire::Trace>& trace) {
  client.trace = trace ? *trace : wire::Trace{services.fresh_id(), 0};
  return client;
}

std::optional<wire::Trace> trace_of(const Request& request) {
  return wire::read_traceparent(joined_field(request, "traceparent"));
}

/// Whether an answer of its own is wanted (RFC 9111, 5.2.1). Browsers send this with every
/// WebSocket's opening request, where it says nothing of the asks that follow.
bool wants_no_cache(const Request& request) {
  return joined_field(request, "cache-control").find("no-cache") != std::string::npos;
}

/// Who may not ask is told so in the face's own words.
Reply refusal(const Route& route, const Error& error) {
  const bool openai = route.place == Place::completions || route.place == Place::embeddings;
  stream::Failed failed;
  failed.error = error;
  failed.retryable = error.code == ErrorCode::rate_limited;
  Reply reply = openai ? to_reply(relay::failed_head(failed)) : error_reply(error);
  constexpr int unauthorized = 401;
  if (reply.status == unauthorized) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  return reply;
}

/// Who has said nothing of itself, or what is wrong, has the packs that are everybody's.
PackRights pack_rights(Services& services, const Request& request, std::uint64_t address) {
  const auto client = admit(services, bearer_of(request), address);
  return {services.access.private_packs(), client ? client->rights : nullptr};
}

Reply validated(Services& services, const Request& request, std::uint64_t address) {
  const std::string code = sign_in_code(request.body());
  if (services.access.is_open()) return sign_in_code_reply(true, "");
  const auto client = admit(services, code, address);
  if (!client && client.error().code == ErrorCode::rate_limited) return error_reply(client.error());
  return sign_in_code_reply(bool(client), code_cookie(code));
}

std::string_view why_not_ready(const Services& services) {
  if (services.draining) return "draining";
  return services.access.ready() ? "" : "the keys for tokens have not come yet";
}

/// What can be said at once; an answer and a WebSocket go on.
Reply reply_at(const Route& route, const Request& request, Services& services,
               std::uint64_t address) {
  switch (route.place) {
    case Place::providers:
      return providers_reply(services.driver.relay().catalog());
    case Place::forges:
      return forges_reply(services.forges);
    case Place::packs:
      return services.packs->list(pack_rights(services, request, address));
    case Place::pack:
      return services.packs->file(route.name, file_request(request),
                                  pack_rights(services, request, address));
    case Place::live:
      return text_reply("live\n");
    case Place::ready:
      return ready_reply(why_not_ready(services));
    case Place::metrics:
      return metrics_reply({services.driver.relay().figures(), services.driver.relay().meters(),
                            services.driver.pool_figures(), process_figures(),
                            services.registry.size()});
    case Place::models:
      return models_reply(services.driver.relay().catalog());
    case Place::model:
      return model_reply(services.driver.relay().catalog(), route.name);
    case Place::model_choice:
      return model_choice_reply(services.driver.relay().catalog());
    case Place::languages:
      return languages_reply();
    case Place::sign_in:
      return sign_in_reply(!services.access.is_open());
    case Place::sign_in_code:
      return validated(services, request, address);
    case Place::health:
      return health_reply(std::time(nullptr));
    case Place::site:
      return services.site.file(route.name, file_request(request));
    default:
      return error_reply({ErrorCode::not_found, "There is nothing at this path.", ""});
  }
}

/// Begins what an admitted client asks.
std::shared_ptr<Activity> serve(Services& services, Follower& follower, relay::Client client,
                                const Request& request, const Route& route, bool keep_alive) {
  switch (route.place) {
    case Place::completions:
      return serve_completion(services, follower, std::move(client), request, keep_alive);
    case Place::embeddings:
      return serve_embeddings(services, follower, std::move(client), request, keep_alive);
    case Place::archive:
      return serve_archive(services, follower, request, keep_alive);
    case Place::text_socket:
      return serve_text_socket(services, follower, std::move(client), request);
    case Place::text_answers:
      return serve_text(services, follower, std::move(client), request, keep_alive);
    default:
      return serve_answer(services, follower, std::move(client), request, route, keep_alive);
  }
}

/// Each ask of a socket is judged when it comes. What its opening request said counts where the
/// client has said nothing since.
relay::Admit admit_each(Services& services, const Request& request, std::uint64_t address) {
  return [&services, address, first = std::string(bearer_of(request)),
          trace = trace_of(request)](std::string_view later) -> Result<relay::Client> {
    auto client = admit(services, later.empty() ? first : later, address);
    if (!client) return client;
    return within_trace(services, *std::move(client), trace);
  };
}

}  // namespace

std::shared_ptr<Activity> dispatch(Services& services, Follower& follower, std::uint64_t address,
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
  std::string credential(bearer_of(request));
  switch (route->place) {
    case Place::socket:
      if (auto refused = refuse_upgrade(request, wire::subprotocol)) {
        return respond(*std::move(refused));
      }
      return serve_socket(services, follower, admit_each(services, request, address), request);
    case Place::answer:  // who has its id or its key may read and stop it
      return serve(services, follower, address, request, *route, keep_alive);
    case Place::text_socket:
      if (auto refused = refuse_upgrade(request, {})) return respond(*std::move(refused));
      [[fallthrough]];
    case Place::text_answers:
      credential = bearer_or_cookie_of(request);
      break;
    case Place::answers:
      if (request.method() == http::verb::delete_) {
        return serve(services, follower, address, request, *route, keep_alive);
      }
      break;
    case Place::completions:
    case Place::embeddings:
    case Place::archive:
      break;
    default:
      return respond(reply_at(*route, request, services, address));
  }
  Result<relay::Client> client = admit(services, credential, address);
  if (!client) return respond(refusal(*route, client.error()));
  client->no_cache = route->place != Place::text_socket && wants_no_cache(request);
  return serve(services, follower, within_trace(services, *std::move(client), trace_of(request)),
               request, *route, keep_alive);
}

}  // namespace weir::edge
