#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "weir/relay/call_figures.hpp"
#include "weir/relay/histogram.hpp"

namespace weir::relay {

/// What has happened since the start, counted.
struct Meters {
  using ByCode = std::map<std::string, std::uint64_t, std::less<>>;

  CallFigures calls;
  Histogram queue_wait{seconds_bounds};  ///< of answers whose turn came
  ByCode ended;               ///< answers, by the error that ended them; `done` for the others
  ByCode refused;             ///< asks, follows and cancels, by the error
  ByCode reused;              ///< asks that were given another's answer, by what it was: `running`
  std::uint64_t resumes = 0;  ///< of known answers: followed, or asked for again

  static void count(ByCode& counts, std::string_view code) {
    const auto found = counts.find(code);
    if (found != counts.end()) {
      ++found->second;
    } else {
      counts.emplace(std::string(code), 1);
    }
  }
};

}  // namespace weir::relay
