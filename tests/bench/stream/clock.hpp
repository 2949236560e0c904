#pragma once

#include <cstdint>
#include <ctime>

namespace weir::bench {

/// A point of CLOCK_MONOTONIC, or a span of time.
using Nanoseconds = std::int64_t;

constexpr Nanoseconds microsecond = 1'000;
constexpr Nanoseconds millisecond = 1'000'000;
constexpr Nanoseconds second = 1'000'000'000;
constexpr Nanoseconds never = INT64_MAX;

inline Nanoseconds read_clock(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return time.tv_sec * second + time.tv_nsec;
}

inline Nanoseconds now() {
  return read_clock(CLOCK_MONOTONIC);
}

}  // namespace weir::bench
