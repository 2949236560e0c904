#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/result.hpp"

namespace weir::edge {

/// Which part of the edge a request is for.
enum class Place : std::uint8_t {
  socket,
  answers,  ///< /v1/answers
  answer,   ///< /v1/answers/{id}
  providers,
  archive,  ///< /v1/repositories/archive
  forges,   ///< /v1/repositories/forges
  packs,    ///< the list
  pack,     ///< one file
  live,
  ready,
  metrics,
  // OpenAI's interface
  completions,  ///< /v1/chat/completions
  embeddings,   ///< /v1/embeddings
  models,       ///< /v1/models
  model,        ///< /v1/models/{id}, which may have slashes
  // deepwiki-open's interface
  text_answers,  ///< /chat/completions/stream
  text_socket,   ///< /ws/chat
  model_choice,  ///< /models/config
  languages,     ///< /lang/config
  sign_in,       ///< /auth/status
  sign_in_code,  ///< /auth/validate
  health,
  site,
  nothing,  ///< an unknown path of the interface
};

struct Route {
  Place place = Place::site;
  std::string name;   ///< an answer's id, a pack's file, or a path of the site
  std::string after;  ///< the query's `after`
  std::optional<std::chrono::seconds> wait;  ///< the query's `wait`: a response is to end by then
  std::string_view allowed;                  ///< methods, as the Allow header lists them

  bool allows(std::string_view method) const;
};

/// Reads a request's target: a path with an optional query (RFC 9112, origin-form). Refused are
/// other forms, malformed escapes, and paths with empty or dot parts, control characters or
/// backslashes: what passes is a plain relative path.
Result<Route> find_route(std::string_view target);

}  // namespace weir::edge
