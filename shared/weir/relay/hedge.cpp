#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "weir/relay/core.hpp"
#include "weir/relay/failures.hpp"

/// A provider is slow: the next one of the chain is asked beside it, and whoever has a word first
/// answers. The host knows of two runs; the other one's call is closed as soon as one has spoken.
namespace weir::relay {
namespace {

bool is_of_the_answer(const stream::Event& event) {
  return std::holds_alternative<stream::Delta>(event) ||
         std::holds_alternative<stream::Reasoning>(event) ||
         std::holds_alternative<stream::ToolCall>(event);
}

}  // namespace

/// Once an answer, from its first call on.
void Relay::Core::hedge_later(Run& run) {
  if (config_.recovery.hedge == Duration::zero() || run.local || run.tries.hedged) return;
  run.tries.hedged = true;
  run.hedge_at = now_ + config_.recovery.hedge;
  arm(run);
}

/// The answers that are made in place are for when nobody else is left.
void Relay::Core::call_rival(Answer& answer) {
  Run& run = *answer.run;
  run.hedge_at.reset();
  const provider::Provider* const other = stand_in(run);
  if (!other || other->kind == provider::Provider::Kind::extract || !run.request) return;
  auto rival = std::make_unique<Rival>();
  rival->provider = other;
  rival->model = config_.catalog.choose(other->name, {})->second;
  auto prompt = build(*run.request, rival->model);
  if (!prompt) return;
  rival->key = health_.take_key(*other, now_);
  rival->prompt_tokens = prompt->tokens;
  provider::Attempt attempt = attempt_of(run);
  attempt.key = rival->key;
  provider::Start started =
      provider::start(*other, rival->model, *prompt, config_.provider, attempt);
  rival->codec = std::move(started.codec);
  rival->id = ++last_run_;
  ++runs_started_;
  runs_.emplace(rival->id, &answer);
  rival->call = clock_call(*other, rival->model);
  ++run.calls;
  actions_.emplace_back(to_open(run, rival->id, *std::move(started.request)));
  run.rival = std::move(rival);
}

bool Relay::Core::is_rivals(const Answer& answer, RunId id) const {
  return answer.run && answer.run->rival && answer.run->rival->id == id;
}

/// What stands in events_ is the rival's: its first word makes it the answer's provider; where it
/// ends without one, it was of no use.
void Relay::Core::take_from_rival(Answer& answer, bool ended) {
  const bool spoke = std::any_of(events_.begin(), events_.end(), is_of_the_answer);
  const bool over = std::any_of(events_.begin(), events_.end(), [](const stream::Event& event) {
    return stream::ends_answer(event);
  });
  if (!spoke && !over) return events_.clear();
  if (!spoke) {
    for (const stream::Event& event : events_) {
      const Rival& rival = *answer.run->rival;
      const auto* failed = std::get_if<stream::Failed>(&event);
      if (!failed) continue;
      note_health(*rival.provider, rival.key, *failed);
      answer.run->rival->call.end(name(failed->error.code), now_);
    }
    events_.clear();
    return drop_rival(*answer.run, ended);
  }
  std::vector<stream::Event> said = std::exchange(events_, {});
  if (answer.state != State::waiting) end_call(answer, false);
  replace_by_rival(answer, answer.run->provider->name + " has not said anything yet.");
  answer.run->connected = !ended;
  events_ = std::move(said);
  if (append_all(answer, ended ? Trigger::closed : Trigger::finished)) return;
  wait_for(answer, Wait::For::next_bytes, config_.provider.between_bytes);
}

/// The call that was waited for is over, or there was none yet: the rival's is the answer's now.
void Relay::Core::replace_by_rival(Answer& answer, const std::string& why) {
  Run& run = *answer.run;
  std::unique_ptr<Rival> rival = std::move(run.rival);
  runs_.erase(run.id);
  disarm(run);
  run.id = rival->id;
  run.tries.in_vain.push_back(run.provider);
  run.tries.retries = 0;
  run.tries.backoff.reset();
  run.tries.key = rival->key;
  run.tries.prompt_tokens = rival->prompt_tokens;
  run.provider = rival->provider;
  run.model = std::move(rival->model);
  run.codec = std::move(rival->codec);
  run.call.end(name(ErrorCode::cancelled), now_);
  run.call = rival->call;
  run.sent = run.call.began;
  run.connecting = {};
  run.connected = true;
  timers_.emplace(run.armed_for = run.due(), run.id);
  append(answer, switched(why, run));
  step(answer, Trigger::open);
  if (rival->began) step(answer, Trigger::head);
  wait_for(answer, Wait::For::first_byte, config_.provider.first_byte);
}

void Relay::Core::drop_rival(Run& run, bool response_ended) {
  if (!run.rival) return;
  run.rival->call.end(name(ErrorCode::cancelled), now_);
  const RunId id = std::exchange(run.rival, nullptr)->id;
  runs_.erase(id);
  if (response_ended) {
    actions_.emplace_back(ReleaseProvider{id});
  } else {
    actions_.emplace_back(CloseProvider{id});
  }
}

}  // namespace weir::relay
