#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "clock.hpp"

namespace weir::bench {

/// Of this process: sleeping ends when it is said to, and as many sockets are allowed as may be.
/// Gives how many that are.
std::size_t prepare_process();

/// CPU time of these processes so far, all their threads, user and kernel.
Nanoseconds cpu_time(const std::vector<pid_t>& processes);

/// Resident memory in KB: of /proc/PID/smaps_rollup, which counts pages where status may lag
/// behind.
std::int64_t resident_kb(const std::vector<pid_t>& processes);

/// What a core has done since the system started, whoever did it.
struct CoreTime {
  /// Time without work. Kept exactly by the kernel, where the times of work are sampled at ticks,
  /// which timers of the work itself fall into step with.
  Nanoseconds idle = 0;
  Nanoseconds stolen = 0;  ///< by the hypervisor
};
CoreTime core_time(int core);

}  // namespace weir::bench
