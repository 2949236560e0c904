#include "weir/relay/spent_keys.hpp"

namespace weir::relay {

void SpentKeys::add(const Id128& key, Why why, Instant until) {
  if (!why_.emplace(key, why).second) return;
  oldest_first_.push_back({until, key});
  if (oldest_first_.size() > most_) forget_oldest();
}

std::optional<SpentKeys::Why> SpentKeys::find(const Id128& key) const {
  const auto found = why_.find(key);
  return found == why_.end() ? std::nullopt : std::optional(found->second);
}

void SpentKeys::expire(Instant now) {
  while (!oldest_first_.empty() && oldest_first_.front().until <= now) forget_oldest();
}

std::optional<Instant> SpentKeys::deadline() const {
  if (oldest_first_.empty()) return std::nullopt;
  return oldest_first_.front().until;
}

void SpentKeys::forget_oldest() {
  why_.erase(oldest_first_.front().key);
  oldest_first_.pop_front();
}

}  // namespace weir::relay
