#include "weir/relay/answers.hpp"

#include <utility>

#include "weir/base/assert.hpp"

namespace weir::relay {

Asker* Answers::find(const Id128& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.get();
}

Asker* Answers::find_by_key(const Id128& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

Asker& Answers::add(const Id128& id, const Id128& key, std::uint64_t fingerprint) {
  auto asker = std::make_unique<Asker>();
  Asker& added = *asker;
  added.id = id;
  added.key = key;
  added.fingerprint = fingerprint;
  give(added, make(std::make_unique<Answer>(limits_.log_bytes)));
  const bool fresh =
      by_id_.emplace(id, std::move(asker)).second && by_key_.emplace(key, &added).second;
  WEIR_ASSERT(fresh);
  return added;
}

void Answers::give(Asker& asker, std::shared_ptr<Answer> answer) {
  if (asker.answer) std::erase(asker.answer->askers, &asker);
  answer->askers.push_back(&asker);
  asker.answer = std::move(answer);
}

std::shared_ptr<Answer> Answers::copy(const Answer& answer) {
  auto copied = std::make_unique<Answer>(limits_.log_bytes);
  copied->log = answer.log;
  bytes_ += copied->log.bytes();
  return make(std::move(copied));
}

std::shared_ptr<Answer> Answers::make(std::unique_ptr<Answer> answer) {
  return {answer.release(), [this](Answer* going) {
            bytes_ -= going->log.bytes();
            delete going;
          }};
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

void Answers::retire(Asker& asker, Instant now) {
  asker.ended_at = now;
  ended_.push_back(&asker);
}

std::unique_ptr<Asker> Answers::take_oldest_ended() {
  WEIR_ASSERT(!ended_.empty());
  Asker* const oldest = ended_.front();
  ended_.pop_front();
  std::erase(oldest->answer->askers, oldest);
  by_key_.erase(oldest->key);
  const auto found = by_id_.find(oldest->id);
  std::unique_ptr<Asker> taken = std::move(found->second);
  by_id_.erase(found);
  return taken;
}

}  // namespace weir::relay
