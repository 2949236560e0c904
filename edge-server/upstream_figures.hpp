#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::edge {

/// What became of connections to providers.
struct UpstreamFigures {
  std::uint64_t opened = 0;  ///< since the start
  std::uint64_t reused = 0;  ///< requests over a kept one, since the start
  std::size_t idle = 0;      ///< kept now
};

}  // namespace weir::edge
