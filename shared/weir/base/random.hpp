#pragma once

#include <cstdint>

#include "weir/base/assert.hpp"

namespace weir {

/// A small seeded generator (SplitMix64) for jitter and simulations: the same seed gives the same
/// numbers on every build. Never for keys or ids: those come from the host's secure source.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  /// Uniform enough in [0, bound) for bounds far below 2^64.
  std::uint64_t below(std::uint64_t bound) {
    WEIR_ASSERT(bound > 0);
    return next() % bound;
  }

  /// True once in `times` calls, on average.
  bool one_in(std::uint64_t times) { return below(times) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace weir
