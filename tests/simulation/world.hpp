#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/id128.hpp"
#include "weir/base/random.hpp"
#include "weir/base/time.hpp"

namespace weir::simulation {

/// Time, chance and what is to happen: everything a run does comes from its seed.
class World {
 public:
  World(std::uint64_t seed, bool tracing) : random(seed), tracing_(tracing) {}

  Instant now() const { return now_; }
  void after(Duration wait, std::function<void()> what);
  /// Does the next thing, unless it lies behind `until`. False: nothing was left to do by then.
  bool step(Instant until);

  /// A number below `bound`.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random.below(bound)); }
  /// Up to `most`, and mostly far less: delays have long tails.
  Duration delay(Duration most);
  Id128 fresh_id();

  bool tracing() const { return tracing_; }
  void trace(const std::string& text) const;

  /// A broken promise.
  void fail(const std::string& what);
  const std::vector<std::string>& failures() const { return failures_; }

  Random random;

 private:
  std::multimap<Instant, std::function<void()>> agenda_;  ///< equal times: in order of entry
  Instant now_;
  bool tracing_;
  std::vector<std::string> failures_;
};

}  // namespace weir::simulation
