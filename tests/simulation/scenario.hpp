#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::simulation {

/// Runs what this seed draws and returns the promises it broke.
std::vector<std::string> run_scenario(std::uint64_t seed, bool tracing);

}  // namespace weir::simulation
