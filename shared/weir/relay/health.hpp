#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/time.hpp"
#include "weir/provider/provider.hpp"

namespace weir::relay {

/// How the providers have fared lately: which of them, and which of their keys, are better left
/// alone for a while. A provider that failed several times in a row is left out (a circuit
/// breaker); the first call after its rest tries it.
class Health {
 public:
  explicit Health(const limits::Recovery& limits) : limits_(limits) {}

  void succeeded(const provider::Provider& provider);
  /// It was not reached, or had trouble of its own.
  void failed(const provider::Provider& provider, Instant now);
  /// This key has reached a limit, for as long as the provider said, if it did.
  void limited(const provider::Provider& provider, std::size_t key,
               std::optional<Duration> retry_after, Instant now);

  /// Left out for now, or all its keys rest.
  bool rests(const provider::Provider& provider, Instant now) const;
  /// The key whose turn it is, of those that do not rest; where all do, the one that rests for the
  /// shortest time. As in provider::Attempt.
  std::size_t take_key(const provider::Provider& provider, Instant now);
  /// Some other key than this one could be used.
  bool has_other_key(const provider::Provider& provider, std::size_t key, Instant now) const;

 private:
  struct State {
    std::uint32_t failures = 0;  ///< in a row
    Instant rests_until{};
    std::vector<Instant> keys_rest_until;
    std::size_t turn = 0;  ///< the key to be used next
  };

  State& state(const provider::Provider& provider);

  limits::Recovery limits_;
  std::unordered_map<const provider::Provider*, State> states_;
};

}  // namespace weir::relay
