#include "weir/relay/answer_cache.hpp"

#include <utility>

namespace weir::relay {

void AnswerCache::reset(const limits::Cache& limits) {
  *this = AnswerCache(limits);
}

std::shared_ptr<Answer> AnswerCache::find(const CacheKey& key) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || !found->second->log.whole()) return nullptr;
  return found->second;
}

void AnswerCache::offer(const CacheKey& key, std::shared_ptr<Answer> answer) {
  answer->cache_key = key;
  by_key_[key] = std::move(answer);
}

void AnswerCache::ended(const Answer& answer, bool well, Instant now) {
  if (!answer.cache_key) return;
  const auto found = by_key_.find(*answer.cache_key);
  if (found == by_key_.end() || found->second.get() != &answer) return;  // another took its place
  if (!well || answer.log.bytes() > limits_.bytes) {
    by_key_.erase(found);
    return;
  }
  bytes_ += answer.log.bytes();
  kept_.push_back({found->second, now + limits_.keep});
  while (bytes_ > limits_.bytes) drop_oldest();
}

void AnswerCache::expire(Instant now) {
  while (!kept_.empty() && kept_.front().until <= now) drop_oldest();
}

std::optional<Instant> AnswerCache::deadline() const {
  if (kept_.empty()) return std::nullopt;
  return kept_.front().until;
}

bool AnswerCache::drop_oldest() {
  if (kept_.empty()) return false;
  const std::shared_ptr<Answer> oldest = std::move(kept_.front().answer);
  kept_.pop_front();
  bytes_ -= oldest->log.bytes();
  const auto found = by_key_.find(*oldest->cache_key);
  if (found != by_key_.end() && found->second == oldest) by_key_.erase(found);
  return true;
}

}  // namespace weir::relay
