#pragma once

#include <algorithm>
#include <cstdint>

#include "weir/base/random.hpp"
#include "weir/base/time.hpp"

namespace weir {

/// Exponential backoff with full jitter: a uniform wait below a ceiling that doubles with every
/// attempt, so that the pages an outage cut off together do not come back together.
class Backoff {
 public:
  Duration next(Random& random, Duration first, Duration most) {
    Duration ceiling = first;
    for (int i = 0; i < attempts_ && ceiling < most; ++i) ceiling *= 2;
    if (ceiling < most) ++attempts_;
    ceiling = std::min(ceiling, most);
    return Duration(random.below(static_cast<std::uint64_t>(ceiling.count()) + 1));
  }

  void reset() { attempts_ = 0; }

 private:
  int attempts_ = 0;
};

}  // namespace weir
