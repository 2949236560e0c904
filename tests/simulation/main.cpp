// Simulates pages, networks, the edge and a provider, many times over:
//
//   simulation [--from S] [--seeds N]    runs N seeds, from S on (1 unless told)
//   simulation --seed S                  replays one, with a trace
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

int run_seeds(std::uint64_t from, std::uint64_t seeds) {
  constexpr int failures_shown = 10;
  const auto began = std::chrono::steady_clock::now();
  int failed = 0;
  std::uint64_t seed = from;
  for (; seed < from + seeds && failed < failures_shown; ++seed) {
    if (!run_seed(seed, false)) ++failed;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const std::uint64_t run = seed - from;
  std::printf("%llu seeds, %d failed, %.0f seeds per second\n",
              static_cast<unsigned long long>(run), failed,
              static_cast<double>(run) / took.count());
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t from = 1;
  std::uint64_t seeds = 2000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::string_view(argv[i]) == "--seed") return run_seed(value, true) ? 0 : 1;
    if (std::string_view(argv[i]) == "--from") from = value;
    if (std::string_view(argv[i]) == "--seeds") seeds = value;
  }
  return run_seeds(from, seeds);
}
