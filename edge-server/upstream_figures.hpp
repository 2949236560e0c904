#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::edge {

/// What became of connections to providers.
struct UpstreamFigures {
  std::uint64_t opened = 0;   ///< since the start
  std::uint64_t reused = 0;   ///< requests over a kept one, since the start
  std::uint64_t resumed = 0;  ///< of those opened: TLS went on with an earlier session
  std::size_t open = 0;       ///< now, kept ones among them
  std::size_t idle = 0;       ///< kept now
  std::size_t waiting = 0;    ///< requests that wait for one

  /// The share of requests that went over a connection that was open already.
  double reuse() const {
    const std::uint64_t all = opened + reused;
    return all == 0 ? 0 : static_cast<double>(reused) / static_cast<double>(all);
  }
};

}  // namespace weir::edge
