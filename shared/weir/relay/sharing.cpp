#include <algorithm>
#include <utility>

#include "weir/relay/cache_key.hpp"
#include "weir/relay/core.hpp"

/// Askers of the same share one answer: each has an id and a key of its own, and leaves when it
/// likes.
namespace weir::relay {

/// Looks for an answer to the same request: true where there is one, which this ask then has in
/// place of `own`, which is gone. Where there is none, `own` is what others may find.
bool Relay::Core::find_alike(Answer& own, const prompt::Prompt& prompt) {
  const Run& run = *own.run;
  const bool known = config_.cache_shared || run.client.id != 0;
  // Who gets a stand-in's answer because a provider rests is told so; it is not what was asked for.
  if (config_.cache.keep == 0s || !config_.digests || !known || !run.tries.in_vain.empty()) {
    return false;
  }
  const CacheKey key =
      cache_key(config_.cache_shared ? 0 : run.client.id, run, prompt, *config_.digests);
  const bool anew = run.request->no_cache || run.client.no_cache;
  const std::shared_ptr<Answer> alike = anew ? nullptr : cache_.find(key);
  if (!alike) {
    cache_.offer(key, own.askers.front()->answer);
    return false;
  }
  join(own, alike);
  return true;
}

/// Nothing stands in the own log yet, so its readers read the other one from the beginning.
void Relay::Core::join(Answer& own, const std::shared_ptr<Answer>& alike) {
  Asker& asker = *own.askers.front();
  const std::shared_ptr<Answer> until_done = asker.answer;
  const Run& run = *own.run;
  admission_.charge(run.client.id, {1, 0}, now_);
  asker.reused = alike->run ? stream::Reused::running : stream::Reused::ended;
  Meters::count(meters_.reused, name(asker.reused));
  if (alike->run) {
    admission_.raise(alike->run->place, priority_of(run.request->priority));
    queue_moved_ = admission_.waiting() > 0;
  } else {
    report(asker, run, "done", false);
    answers_.retire(asker, now_);
  }
  disarm(run);
  runs_.erase(run.id);
  own.run.reset();
  answers_.give(asker, alike);
  move_readers(own, asker);
}

/// Ends the answer for this asker alone, as far as it has come; the run goes on while others have a
/// share in it.
void Relay::Core::part(Asker& asker, stream::Failed why) {
  Answer& shared = *asker.answer;
  if (shared.askers.size() == 1) return fail(shared, std::move(why), Trigger::cancelled);
  report(asker, *shared.run, name(why.error.code), false);
  answers_.give(asker, answers_.copy(shared));
  asker.answer->state = State::ended;
  append(*asker.answer, std::move(why));
  answers_.retire(asker, now_);
  move_readers(shared, asker);
  left(shared);
}

/// The asker has left `from` for another answer, whose log goes on where theirs was.
void Relay::Core::move_readers(Answer& from, Asker& asker) {
  Answer& to = *asker.answer;
  for (const ReaderId id : asker.readers) {
    std::erase(from.waiting, id);
    Reader& reader = *find_reader(id);
    if (reader.waiting) wake_or_wait(id, reader, to);
  }
  if (!asker.readers.empty()) read_again(to);
}

}  // namespace weir::relay
