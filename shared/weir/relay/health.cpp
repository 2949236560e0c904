#include "weir/relay/health.hpp"

#include <algorithm>

namespace weir::relay {

Health::State& Health::state(const provider::Provider& provider) {
  State& state = states_[&provider];
  state.keys_rest_until.resize(provider.more_keys.size() + 1);
  return state;
}

void Health::succeeded(const provider::Provider& provider) {
  const auto found = states_.find(&provider);
  if (found != states_.end()) found->second.failures = 0;
}

void Health::failed(const provider::Provider& provider, Instant now) {
  State& its = state(provider);
  if (++its.failures >= limits_.breaker_failures) its.rests_until = now + limits_.breaker_rest;
}

void Health::limited(const provider::Provider& provider, std::size_t key,
                     std::optional<Duration> retry_after, Instant now) {
  const Duration rest = std::min(retry_after.value_or(limits_.key_rest), limits_.key_rest_most);
  state(provider).keys_rest_until.at(key) = now + rest;
}

bool Health::rests(const provider::Provider& provider, Instant now) const {
  const auto found = states_.find(&provider);
  if (found == states_.end()) return false;
  const State& its = found->second;
  const auto key_rests = [&](Instant until) { return until > now; };
  return its.rests_until > now ||
         std::all_of(its.keys_rest_until.begin(), its.keys_rest_until.end(), key_rests);
}

std::size_t Health::take_key(const provider::Provider& provider, Instant now) {
  State& its = state(provider);
  const auto& keys = its.keys_rest_until;
  std::size_t best = its.turn % keys.size();
  for (std::size_t i = 0; i < keys.size() && keys[best] > now; ++i) {
    const std::size_t next = (its.turn + i) % keys.size();
    if (keys[next] < keys[best]) best = next;
  }
  its.turn = best + 1;
  return best;
}

bool Health::has_other_key(const provider::Provider& provider, std::size_t key, Instant now) const {
  const auto found = states_.find(&provider);
  const std::size_t keys = provider.more_keys.size() + 1;
  for (std::size_t other = 0; other < keys; ++other) {
    if (other == key) continue;
    if (found == states_.end() || found->second.keys_rest_until[other] <= now) return true;
  }
  return false;
}

}  // namespace weir::relay
