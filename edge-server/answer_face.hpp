#pragma once

#include "http_io.hpp"
#include "routes.hpp"
#include "services.hpp"

namespace weir::edge {

/// Serves POST /v1/answers, GET /v1/answers/{id} and DELETE /v1/answers[/{id}]. False once the
/// connection is broken.
Task<bool> serve_answer(Services& services, Exchange& exchange, const Route& route);

}  // namespace weir::edge
