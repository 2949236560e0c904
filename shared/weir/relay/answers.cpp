#include "weir/relay/answers.hpp"

#include <utility>

#include "weir/base/assert.hpp"

namespace weir::relay {

Answer* Answers::find(const Id128& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.get();
}

Answer* Answers::find_by_key(const Id128& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

Answer& Answers::add(const Id128& id, const Id128& key, std::uint64_t fingerprint) {
  auto answer = std::make_unique<Answer>(id, key, fingerprint, limits_.log_bytes);
  Answer& added = *answer;
  const bool fresh =
      by_id_.emplace(id, std::move(answer)).second && by_key_.emplace(key, &added).second;
  WEIR_ASSERT(fresh);
  return added;
}

void Answers::append(Answer& answer, stream::Event&& event) {
  bytes_ -= answer.log.bytes();
  answer.log.append(std::move(event));
  bytes_ += answer.log.bytes();
}

void Answers::shed_excess(Answer& answer) {
  if (!too_many_bytes()) return;
  const std::size_t excess = bytes_ - limits_.all_logs_bytes;
  bytes_ -= answer.log.bytes();
  answer.log.shed(answer.log.bytes() > excess ? answer.log.bytes() - excess : 0);
  bytes_ += answer.log.bytes();
}

void Answers::retire(Answer& answer, Instant now) {
  answer.ended_at = now;
  ended_.push_back(&answer);
}

std::unique_ptr<Answer> Answers::take_oldest_ended() {
  WEIR_ASSERT(!ended_.empty());
  Answer* const oldest = ended_.front();
  ended_.pop_front();
  bytes_ -= oldest->log.bytes();
  by_key_.erase(oldest->key);
  const auto found = by_id_.find(oldest->id);
  std::unique_ptr<Answer> taken = std::move(found->second);
  by_id_.erase(found);
  return taken;
}

}  // namespace weir::relay
