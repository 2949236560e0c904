#pragma once

#include "options.hpp"
#include "weir/base/result.hpp"
#include "weir/provider/provider.hpp"

namespace weir::edge {

/// The providers this edge can ask: what the environment configures, what the config file puts over
/// it, and the options' default first. Called once, at the start.
Result<provider::Catalog> make_catalog(const Options& options);

}  // namespace weir::edge
