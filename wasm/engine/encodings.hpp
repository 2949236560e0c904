#pragma once

#include <cstdint>

#include "weir/tokens/encoding.hpp"

namespace weir::boundary {

/// Null where the handle names no open encoding.
const tokens::Encoding* find_encoding(std::uint32_t handle);

}  // namespace weir::boundary
