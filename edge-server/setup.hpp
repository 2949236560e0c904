#pragma once

#include <string>
#include <vector>

#include "access.hpp"
#include "clients.hpp"
#include "forges.hpp"
#include "gate.hpp"
#include "options.hpp"
#include "weir/base/result.hpp"
#include "weir/provider/provider.hpp"

namespace weir::edge {

/// What options come to that a running edge can take on anew.
struct Setup {
  provider::Catalog catalog;
  std::vector<std::string> fallbacks;
  Gate gate;
  Clients clients;
  std::vector<Forge> forges;
  Access access;
  bool log_answers = true;
  bool cache_shared = false;
  limits::Edge limits;
};

Result<Setup> make_setup(const Options& options);

/// Does all that a start does before it opens the port, and says what is wrong.
Result<void> check_setup(const Options& options);

/// The names of settings that are others in `wanted` and that only a start puts into force.
std::vector<std::string> needing_a_restart(const Options& running, const Options& wanted);

}  // namespace weir::edge
