#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stream/clock.hpp"
#include "stream/histogram.hpp"
#include "stream/poller.hpp"

namespace weir::bench {

/// What all clients have in common: where they go, and what they have seen.
struct Crowd {
  Poller& poller;
  std::uint16_t port = 0;
  std::uint64_t deltas = 0;  ///< of an answer

  std::uint64_t failures = 0;
  std::string first_failure;
  std::size_t open = 0;     ///< sockets, or connections that were asked on
  std::size_t begun = 0;    ///< answers whose first text has come
  std::size_t done = 0;     ///< answers that have ended whole
  std::size_t resumed = 0;  ///< answers whose next text has come since they were cut
  bool leaving = false;     ///< connections may end

  bool measuring = false;
  Histogram ages;  ///< of records that came while that was so
  Nanoseconds cut_at = 0;
  Histogram resumed_after;  ///< from the cut to the first text behind it
  Histogram opened_after;   ///< the same to the socket's being open again

  Histogram* ages_now() { return measuring ? &ages : nullptr; }

  void fail(std::string_view why) {
    if (failures++ == 0) first_failure = why.substr(0, 300);
  }
};

/// Edges bound what one client, which is an address to them, may have running; and an address has
/// ports for so many connections only.
inline std::uint32_t source_of(std::size_t number) {
  constexpr std::size_t connections_of_address = 1000;
  return static_cast<std::uint32_t>(number / connections_of_address);
}

}  // namespace weir::bench
