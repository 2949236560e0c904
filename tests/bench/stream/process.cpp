#include "process.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "socket.hpp"

namespace weir::bench {

std::size_t prepare_process() {
  prctl(PR_SET_TIMERSLACK, 1UL);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

Nanoseconds cpu_time(const std::vector<pid_t>& processes) {
  Nanoseconds sum = 0;
  for (const pid_t process : processes) {
    clockid_t clock{};
    if (clock_getcpuclockid(process, &clock) != 0) fail_with_errno("the proxy's process is gone");
    sum += read_clock(clock);
  }
  return sum;
}

std::int64_t resident_kb(const std::vector<pid_t>& processes) {
  std::int64_t sum = 0;
  for (const pid_t process : processes) {
    std::ifstream file("/proc/" + std::to_string(process) + "/smaps_rollup");
    std::string line;
    while (std::getline(file, line)) {
      if (line.starts_with("Rss:")) sum += std::stoll(line.substr(4));
    }
  }
  return sum;
}

CoreTime core_time(int core) {
  std::ifstream file("/proc/stat");
  const std::string name = "cpu" + std::to_string(core) + " ";
  const Nanoseconds tick = second / sysconf(_SC_CLK_TCK);
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with(name)) continue;
    std::istringstream fields(line.substr(name.size()));
    std::int64_t user{}, nice{}, system{}, idle{}, waiting{}, hard{}, soft{}, stolen{};
    fields >> user >> nice >> system >> idle >> waiting >> hard >> soft >> stolen;
    return {(idle + waiting) * tick, stolen * tick};
  }
  return {};
}

}  // namespace weir::bench
