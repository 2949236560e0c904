#pragma once

#include <string>

#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/json/json.hpp"

namespace weir::edge {

/// Sets limits by the names that they have in weir/base/limits.hpp:
/// {"answer": {"linger": 5, "log_bytes": 1048576}, "server": {"drain": 0.5}}. Waits are numbers of
/// seconds. Errors name the member by its path below `path`.
Result<void> apply_limits(limits::Edge& limits, const json::Value& value, const std::string& path);

}  // namespace weir::edge
