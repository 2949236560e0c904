#pragma once

#include <functional>

#include "options.hpp"
#include "weir/base/result.hpp"

namespace weir::edge {

/// Serves until SIGTERM or SIGINT; then running answers may end, within limits::Server::drain or
/// until a second signal. On SIGHUP `reread` gives the options as they are now: what may change
/// does, what runs goes on, and where they are wrong everything stays as it is. Errors are those of
/// the start.
Result<void> run_server(const Options& options, const std::function<Result<Options>()>& reread);

}  // namespace weir::edge
