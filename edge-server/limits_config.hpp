#pragma once

#include <string>

#include "config_reader.hpp"
#include "weir/base/limits.hpp"

namespace weir::edge {

/// Sets limits by the names that they have in weir/base/limits.hpp:
/// {"answer": {"linger": 5, "log_bytes": 1048576}, "server": {"drain": 0.5}}. Waits are numbers of
/// seconds.
void read_limits(ConfigReader& reader, limits::Edge& limits, const std::string& path,
                 const json::Value& value);

}  // namespace weir::edge
