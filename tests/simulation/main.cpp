// Simulates pages, networks, the edge and a provider, many times over:
//
//   simulation [--seeds N]    runs the seeds 1 to N
//   simulation --seed S       replays one, with a trace
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "simulation/scenario.hpp"

namespace {

bool run_seed(std::uint64_t seed, bool tracing) {
  const auto failures = weir::simulation::run_scenario(seed, tracing);
  for (const auto& failure : failures) {
    std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), failure.c_str());
  }
  if (!failures.empty() && !tracing) {
    std::printf("  replay: simulation --seed %llu\n", static_cast<unsigned long long>(seed));
  }
  return failures.empty();
}

int run_seeds(std::uint64_t seeds) {
  constexpr int failures_shown = 10;
  const auto began = std::chrono::steady_clock::now();
  int failed = 0;
  for (std::uint64_t seed = 1; seed <= seeds && failed < failures_shown; ++seed) {
    if (!run_seed(seed, false)) ++failed;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%llu seeds, %d failed, %.0f seeds per second\n",
              static_cast<unsigned long long>(seeds), failed,
              static_cast<double>(seeds) / took.count());
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seeds = 2000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::string_view(argv[i]) == "--seed") return run_seed(value, true) ? 0 : 1;
    if (std::string_view(argv[i]) == "--seeds") seeds = value;
  }
  return run_seeds(seeds);
}
