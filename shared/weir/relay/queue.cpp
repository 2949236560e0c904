#include <algorithm>
#include <string>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/relay/core.hpp"
#include "weir/relay/failures.hpp"

/// Whose turn it is: what admission.hpp decides, done.
namespace weir::relay {

Admission::Ask Relay::Core::admission_ask(const Run& run, std::uint32_t prompt_tokens) const {
  return {run.place,          run.client,   priority_of(run.request->priority),
          run.provider->name, run.model.id, prompt_tokens};
}

void Relay::Core::admit(Answer& answer, const prompt::Prompt& prompt) {
  Run& run = *answer.run;
  const auto outcome = admission_.enter(admission_ask(run, prompt.tokens), now_);
  if (std::holds_alternative<Admission::Runs>(outcome)) return call_provider(answer, prompt);
  const auto* waits = std::get_if<Admission::Waits>(&outcome);
  if (!waits) return fail(answer, not_admitted(outcome), Trigger::refused);
  queue_moved_ = true;
  step(answer, Trigger::queue);
  run.queued = now_;
  run.position = waits->position;
  append(answer, stream::Queued{static_cast<std::uint32_t>(run.position)});
  wait_for(answer, Wait::For::turn, config_.admission.queue_wait);
}

/// Nobody reads an answer that waits: others pass it, until somebody does again.
void Relay::Core::hold_place(const Run& run, bool held) {
  admission_.hold(run.place, held);
  queue_moved_ = admission_.waiting() > 0;
}

/// After every input: what has made room for others, or time, which does so too, moves the queue.
void Relay::Core::serve_queue() {
  if (!queue_moved_ && (!queue_due_ || now_ < *queue_due_)) return;
  do {
    queue_moved_ = false;  // a turn that came to nothing moves it again
    while (const auto place = admission_.next(now_)) begin_turn(*running(*place));
  } while (queue_moved_);
  if (now_ >= positions_told_ + config_.admission.positions) tell_positions();
  queue_due_ = queue_deadline();
}

/// Of who waits no prompt is kept, only what it is made of.
void Relay::Core::begin_turn(Answer& answer) {
  WEIR_ASSERT(answer.state == State::queued);
  answer.run->waited = now_ - *std::exchange(answer.run->queued, std::nullopt);
  meters_.queue_wait.observe(std::chrono::duration<double>(answer.run->waited).count());
  auto prompt = build(*answer.run->request, answer.run->model);
  if (!prompt) return fail(answer, refused(prompt.error()), Trigger::refused);
  call_provider(answer, *prompt);
}

void Relay::Core::tell_positions() {
  positions_told_ = now_;
  std::size_t position = 0;
  for (const Admission::Id place : admission_.queue(now_)) {
    Answer& answer = *running(place);
    ++position;
    if (std::exchange(answer.run->position, position) == position) continue;
    append(answer, stream::Queued{static_cast<std::uint32_t>(position)});
  }
}

std::optional<Instant> Relay::Core::queue_deadline() const {
  if (admission_.waiting() == 0) return std::nullopt;
  const Instant positions = positions_told_ + config_.admission.positions;
  const auto turn = admission_.deadline(now_);
  return turn ? std::min(*turn, positions) : positions;
}

/// Where the provider did not count its answer's tokens, we do.
void Relay::Core::charge_answer(const Answer& answer) {
  const Run& run = *answer.run;
  if (!admission_.counts_tokens(run.client.id) || run.tries.counted || !run.tries.shown) return;
  const auto text = text_so_far(answer);
  if (text) admission_.charge(run.client.id, {0, encoding_of(run.model).first->count(*text)}, now_);
}

}  // namespace weir::relay
