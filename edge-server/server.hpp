#pragma once

#include "options.hpp"
#include "weir/base/result.hpp"

namespace weir::edge {

/// Serves until SIGTERM or SIGINT; then running answers may end, within limits::Server::drain or
/// until a second signal. Errors are those of the start.
Result<void> run_server(const Options& options);

}  // namespace weir::edge
