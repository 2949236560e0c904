#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

/// Spans and points of time as the machines see them. A machine never reads a clock: its host
/// passes `now` in, so a test or a simulation can let hours pass in a moment.
using Duration = std::chrono::microseconds;

struct MachineClock {
  using rep = std::int64_t;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<MachineClock>;
  static constexpr bool is_steady = true;
  // No now(): that is the point.
};

/// Microseconds since the host's own, steady beginning.
using Instant = MachineClock::time_point;

using namespace std::chrono_literals;

}  // namespace weir
