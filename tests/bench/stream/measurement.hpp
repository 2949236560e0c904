#pragma once

#include <string>
#include <vector>

#include "process.hpp"
#include "provider.hpp"
#include "readers.hpp"

namespace weir::bench {

struct Settings {
  std::size_t streams = 1;
  double starts_per_second = 1000;
  Nanoseconds settle = second;
  Nanoseconds window = 10 * second;
  std::uint16_t provider_port = 0;
  Plan plan;
  ReaderOptions readers;
  std::vector<pid_t> proxy;
  int proxy_core = 0;
  int load_core = 1;
};

/// Starts the streams, waits until all run, measures for the window's time while they run, and lets
/// them end.
class Measurement {
 public:
  explicit Measurement(const Settings& settings);

  /// The figures, as a JSON object.
  std::string run();

 private:
  /// What has been used and done up to a moment.
  struct Mark {
    Nanoseconds at = 0;
    Nanoseconds proxy_cpu = 0;
    Nanoseconds load_cpu = 0;
    CoreTime proxy_core;
    CoreTime load_core;
    std::uint64_t deltas = 0;
    std::uint64_t answers = 0;
    std::uint64_t bytes = 0;
    std::uint64_t connections = 0;
  };

  Mark mark();
  void start_streams();
  void turn(Nanoseconds until);
  void turn_for(Nanoseconds time);
  void end_streams();
  std::string figures(const Mark& from, const Mark& to, std::int64_t idle_kb, std::int64_t live_kb);

  const Settings settings_;
  Poller poller_;
  Streams streams_;
  Provider provider_;
  Readers readers_;
  std::string trouble_;
};

}  // namespace weir::bench
