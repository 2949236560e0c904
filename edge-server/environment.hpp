#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::edge {

/// Nothing where the variable is not set, or is empty.
std::optional<std::string> environment_variable(std::string_view name);

}  // namespace weir::edge
