#pragma once

#include "simulation/page.hpp"
#include "simulation/world.hpp"
#include "weir/relay/relay.hpp"

namespace weir::simulation {

/// What a reader was given against what the provider sent. `whole`: nothing may have come between
/// them, so the answer's end must be the provider's.
void check_reader(World& world, const Reader& reader, bool whole);

/// No piece of text was longer under way than `most`.
void check_lag(World& world, const Reader& reader, Duration most);

/// Nobody reads any more: nothing may be left.
void check_edge_is_empty(World& world, const relay::Figures& figures);

}  // namespace weir::simulation
