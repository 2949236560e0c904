#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/provider/abilities.hpp"
#include "weir/provider/models.hpp"
#include "weir/relay/core.hpp"
#include "weir/relay/cut_texts.hpp"
#include "weir/relay/failures.hpp"

namespace weir::relay {
namespace {

/// So many events of an answer made in place are taken in one turn: a Stop can come between turns,
/// and other answers get theirs.
constexpr std::size_t composed_events_per_turn = 4;
/// A host that reports a failed connection may come as much later than the limit.
constexpr Duration host_delay_most = 1s;

}  // namespace

// -- from an ask to a running answer

/// Fails where nothing can come of this request, before anything is kept of it.
Result<Relay::Core::Plan> Relay::Core::plan(prompt::ChatRequest&& request) {
  auto chosen = config_.catalog.choose(request.provider, request.model);
  if (!chosen) return chosen.error();
  const auto able = provider::check_abilities(*chosen->first, request);
  if (!able) return able.error();
  Plan plan;
  plan.run.request = std::make_unique<prompt::ChatRequest>(std::move(request));
  const prompt::ChatRequest& asked = *plan.run.request;
  plan.wanted = plan.run.provider = chosen->first;
  plan.run.model = std::move(chosen->second);
  if (health_.rests(*plan.wanted, now_)) {
    if (const provider::Provider* other = stand_in(plan.run)) {
      plan.run.provider = other;
      plan.run.model = config_.catalog.choose(other->name, {})->second;
    }
  }
  const bool search = !asked.context && !asked.repo_url.empty();
  plan.run.unsearched = search && is_too_long_to_search(asked, plan.run.model);
  if (!search) plan.run.request->token.clear();
  if (search && !plan.run.unsearched) return plan;
  auto prompt = build(asked, plan.run.model);
  if (!prompt) return prompt.error();
  plan.prompt = *std::move(prompt);
  return plan;
}

bool Relay::Core::is_too_long_to_search(const prompt::ChatRequest& request,
                                        const provider::Model& model) const {
  const tokens::Encoding& encoding = *encoding_of(model).first;
  for (const std::string& text : request.searches()) {
    if (!prompt::is_searched(text, encoding, config_.request)) return true;
  }
  return false;
}

/// Of a copy: another call may have to be made of the request.
Result<prompt::Prompt> Relay::Core::build(prompt::ChatRequest request,
                                          const provider::Model& model) {
  prompt::Budget budget = provider::counted_budget(model);
  const auto wanted = request.generation.answer_tokens;
  budget.answer_tokens = std::min(wanted.value_or(budget.answer_tokens), budget.answer_tokens);
  return build(std::move(request), model, budget);
}

Result<prompt::Prompt> Relay::Core::build(prompt::ChatRequest request, const provider::Model& model,
                                          const prompt::Budget& budget) {
  return prompt::build_prompt(std::move(request), budget, *encoding_of(model).first,
                              &own_text_counts_);
}

/// The encoding to count with, and whether it is the model's own.
std::pair<const tokens::Encoding*, bool> Relay::Core::encoding_of(
    const provider::Model& model) const {
  const auto& encodings = config_.encodings;
  const auto* wanted = encodings[static_cast<std::size_t>(model.encoding)];
  if (wanted) return {wanted, model.exact};
  return {*std::find_if(encodings.begin(), encodings.end(),
                        [](const tokens::Encoding* encoding) { return encoding != nullptr; }),
          false};
}

Asker& Relay::Core::begin(const Ask& input, std::uint64_t fingerprint, Plan&& plan) {
  Asker& asker = answers_.add(input.fresh_answer, input.key, fingerprint);
  asker.client = input.client;
  asker.asked = now_;
  Answer& answer = *asker.answer;
  answer.run = std::move(plan.run);
  Run& run = *answer.run;
  run.id = ++last_run_;
  run.place = run.id;
  run.generation = generation_;
  run.client = input.client;
  run.whole_until = now_ + config_.provider.whole_answer;
  run.tries.until = now_ + config_.recovery.whole;
  if (run.provider != plan.wanted) run.tries.in_vain.push_back(plan.wanted);
  runs_.emplace(run.id, &answer);
  timers_.emplace(run.armed_for = run.due(), run.id);
  if (plan.prompt) {
    start(answer, *plan.prompt);
  } else {
    search(answer);
  }
  return asker;
}

void Relay::Core::search(Answer& answer) {
  step(answer, Trigger::search);
  actions_.push_back(Retrieve{answer.run->id, *answer.run->request, answer.run->client});
  answer.run->request->token.clear();  // nothing after the search has any use for it
  wait_for(answer, Wait::For::passages, config_.provider.retrieval);
}

void Relay::Core::start(Answer& answer, const prompt::Prompt& prompt) {
  if (find_alike(answer, prompt)) return;
  announce(answer, prompt);
  if (answer.run->unsearched) append(answer, not_searched(config_.request));
  if (answer.run->unknown_repository) append(answer, no_pack());
  for (const provider::Provider* resting : answer.run->tries.in_vain) {
    append(answer, left_out_for_now(resting->name, *answer.run));
  }
  admit(answer, prompt);
}

void Relay::Core::call_provider(Answer& answer, const prompt::Prompt& prompt, std::string prefix) {
  Run& run = *answer.run;
  run.tries.key = health_.take_key(*run.provider, now_);
  run.tries.prompt_tokens = prompt.tokens;
  provider::Attempt attempt = attempt_of(run);
  attempt.prefix = std::move(prefix);
  ++runs_started_;
  ++run.calls;
  open(answer, provider::start(*run.provider, run.model, prompt, config_.provider, attempt));
  if (!run.local) run.call = clock_call(*run.provider, run.model);
  hedge_later(run);
}

provider::Attempt Relay::Core::attempt_of(const Run& run) const {
  provider::Attempt attempt;
  attempt.key = run.tries.key;
  attempt.digests = config_.digests;
  if (config_.unix_seconds) attempt.unix_seconds = config_.unix_seconds();
  return attempt;
}

void Relay::Core::open(Answer& answer, provider::Start&& started) {
  Run& run = *answer.run;
  run.codec = std::move(started.codec);
  run.local = std::move(started.local);
  run.wait.reset();
  if (run.local) {
    run.request.reset();
    step(answer, Trigger::compose);
    composing_.push_back(run.id);
    return arm(run);
  }
  step(answer, Trigger::open);
  run.connected = true;
  actions_.emplace_back(to_open(run, run.id, *std::move(started.request)));
  // The host has these two limits in its own hands, and names the one that was passed.
  wait_for(answer, Wait::For::connection,
           config_.provider.connect + config_.provider.tls + host_delay_most);
}

void Relay::Core::announce(Answer& answer, const prompt::Prompt& prompt) {
  const Run& run = *answer.run;
  stream::Accepted accepted;
  accepted.provider = run.provider->name;
  accepted.model = run.model.id;
  accepted.prompt_tokens = prompt.tokens;
  accepted.context_tokens = provider::counted_budget(run.model).context_tokens;
  accepted.exact = encoding_of(run.model).second && prompt.tools.empty();
  for (const Passage& passage : prompt.passages) accepted.kept.push_back(ref(passage));
  accepted.dropped = prompt.dropped;
  accepted.dropped_messages = prompt.dropped_messages;
  append(answer, std::move(accepted));
  if (!prompt.dropped.empty() || prompt.dropped_messages > 0) {
    append(answer, dropped_from(prompt));
  }
}

// -- what the host reports

/// The answer whose run this is; null for a run that is over, whose last reports come late.
Answer* Relay::Core::running(RunId id) const {
  const auto found = runs_.find(id);
  return found == runs_.end() ? nullptr : found->second;
}

void Relay::Core::on(Retrieved& input) {
  Answer* const answer = running(input.run);
  if (!answer || answer->state != State::retrieving) return;
  if (input.error) return fail(*answer, refused(*std::move(input.error)), Trigger::refused);
  Run& run = *answer->run;
  run.retrieved = now_ - answer->askers.front()->asked;
  run.unknown_repository = !input.context;
  if (!input.context) input.context.emplace();
  run.request->context = std::move(input.context->passages);
  run.request->file = std::move(input.context->file);
  auto prompt = build(*run.request, run.model);
  if (!prompt) return fail(*answer, refused(prompt.error()), Trigger::refused);
  start(*answer, *prompt);
}

void Relay::Core::on(ProviderSent& input) {
  Answer* const answer = running(input.run);
  if (!answer || is_rivals(*answer, input.run) || answer->state != State::opening) return;
  answer->run->sent = now_;
  answer->run->connecting = now_ - answer->run->call.began;
  wait_for(*answer, Wait::For::response, config_.provider.first_byte);
}

void Relay::Core::on(ProviderHead& input) {
  Answer* const answer = running(input.run);
  if (!answer) return;
  if (is_rivals(*answer, input.run)) {
    answer->run->rival->began = true;
    answer->run->rival->codec->head(input.status, input.headers, events_);
    return take_from_rival(*answer, false);
  }
  if (!next_state(answer->state, Trigger::head)) return;
  step(*answer, Trigger::head);
  answer->run->codec->head(input.status, input.headers, events_);
  if (append_all(*answer, Trigger::finished)) return;
  wait_for(*answer, Wait::For::first_byte, config_.provider.first_byte);
}

void Relay::Core::on(ProviderBytes& input) {
  Answer* const answer = running(input.run);
  if (!answer) return;
  if (is_rivals(*answer, input.run)) {
    answer->run->rival->codec->bytes(input.bytes, events_);
    return take_from_rival(*answer, false);
  }
  if (!next_state(answer->state, Trigger::bytes) || !answer->run->codec) return;
  step(*answer, Trigger::bytes);
  answer->run->codec->bytes(input.bytes, events_);
  if (append_all(*answer, Trigger::finished)) return;
  wait_for(*answer, Wait::For::next_bytes, config_.provider.between_bytes);
  keep_within_reach(*answer);
}

void Relay::Core::on(ProviderEnded& input) {
  Answer* const answer = running(input.run);
  if (!answer) return;
  if (is_rivals(*answer, input.run)) {
    answer->run->rival->codec->end(input.clean, events_);
    return take_from_rival(*answer, true);
  }
  if (!next_state(answer->state, Trigger::closed) || !answer->run->codec) return;
  answer->run->connected = false;
  answer->run->codec->end(input.clean, events_);
  if (append_all(*answer, Trigger::closed)) return;
  fail_call(*answer, codec_never_ended(answer->run->provider->name), Trigger::closed);
}

void Relay::Core::on(ProviderFailed& input) {
  Answer* const answer = running(input.run);
  if (!answer) return;
  if (is_rivals(*answer, input.run)) {
    events_.push_back(unreachable(*answer->run->rival->provider, input.message));
    return take_from_rival(*answer, true);
  }
  if (!next_state(answer->state, Trigger::unreachable) || !answer->run->codec) return;
  answer->run->connected = false;
  const provider::Provider& provider = *answer->run->provider;
  fail_call(*answer,
            input.timed_out ? not_connected(provider, input.message)
                            : unreachable(provider, input.message),
            Trigger::unreachable);
}

void Relay::Core::on(Tick&) {
  compose();
}

/// One turn of one of the answers that are made in place.
void Relay::Core::compose() {
  Answer* answer = nullptr;
  while (!answer && !composing_.empty()) {
    answer = running(composing_.front());
    composing_.pop_front();
  }
  if (!answer) return;
  for (std::size_t i = 0; i < composed_events_per_turn; ++i) {
    step(*answer, Trigger::bytes);
    events_.push_back(answer->run->local->next());
    if (append_all(*answer, Trigger::finished)) return;
  }
  composing_.push_back(answer->run->id);
}

// -- the log and the end

void Relay::Core::step(Answer& answer, Trigger trigger) {
  const auto to = next_state(answer.state, trigger);
  WEIR_ASSERT(to);
  answer.state = *to;
}

void Relay::Core::append(Answer& answer, stream::Event&& event) {
  answers_.append(answer, std::move(event));
  while (answers_.too_many_bytes() && forget_oldest()) {
  }
  answers_.shed_excess(answer);
  for (const ReaderId id : std::exchange(answer.waiting, {})) wake(id, *find_reader(id));
}

/// Logs what stands in events_. True where one of them ended the answer, or the call for it: what
/// follows it is not logged.
bool Relay::Core::append_all(Answer& answer, Trigger at_end) {
  events_ = cut_texts(std::move(events_), config_.answer.joined_delta_bytes);
  bool recovered = false;
  bool ended = false;
  for (stream::Event& event : events_) {
    if (auto* failed = std::get_if<stream::Failed>(&event)) {
      recovered = take_failure(answer, *failed, at_end);
      if (recovered) break;
    }
    note_shown(*answer.run, event);
    if (auto* done = std::get_if<stream::Done>(&event)) account_for(answer, *done);
    ended = stream::ends_answer(event);
    append(answer, std::move(event));
    if (ended) break;
  }
  events_.clear();
  if (ended) end_run(answer, at_end);
  return recovered || ended;
}

/// Pauses the provider where every reader is so far behind that going on would lose what none has
/// read, and lets it go on when one has caught up. Without readers there is nobody to wait for.
void Relay::Core::keep_within_reach(Answer& answer) {
  Run& run = *answer.run;
  const std::size_t most = config_.answer.log_bytes;
  if (!run.connected || (!run.paused && answer.log.bytes() < most / 4 * 3)) return;
  const std::size_t unread = !answer.has_readers() ? 0 : answer.log.bytes_after(answer.furthest);
  const bool paused = run.paused ? unread > most / 2 : unread > most / 4 * 3;
  if (paused == run.paused) return;
  run.paused = paused;
  actions_.push_back(PauseProvider{run.id, paused});
  if (paused) {
    run.wait.reset();  // it is not the provider that is silent
  } else {
    wait_for(answer, Wait::For::next_bytes, config_.provider.between_bytes);
  }
}

void Relay::Core::fail(Answer& answer, stream::Failed failed, Trigger trigger) {
  append(answer, std::move(failed));
  end_run(answer, trigger);
}

/// Of the provider's connection, which may serve again once the response has ended.
void Relay::Core::let_go(Run& run, bool response_ended) {
  if (!std::exchange(run.connected, false)) return;
  if (response_ended) {
    actions_.emplace_back(ReleaseProvider{run.id});
  } else {
    actions_.emplace_back(CloseProvider{run.id});
  }
}

void Relay::Core::end_run(Answer& answer, Trigger trigger) {
  step(answer, trigger);
  WEIR_ASSERT(answer.state == State::ended && answer.log.ended());
  drop_rival(*answer.run);
  let_go(*answer.run, trigger == Trigger::finished);
  charge_answer(answer);
  report_end(answer);
  admission_.leave(answer.run->place);
  queue_moved_ = admission_.waiting() > 0;
  disarm(*answer.run);
  runs_.erase(answer.run->id);
  // A stand-in's answer is not what was asked for, and its reason passes.
  const bool well = std::holds_alternative<stream::Done>(answer.log.back().event) &&
                    answer.run->tries.in_vain.empty();
  cache_.ended(answer, well, now_);
  answer.run.reset();
  for (Asker* const asker : answer.askers) answers_.retire(*asker, now_);
}

// -- time and room

void Relay::Core::wait_for(Answer& answer, Wait::For what, Duration limit) {
  answer.run->wait = Wait{what, now_ + limit};
  arm(*answer.run);
}

/// To be called after every change of a run's waits. One that moves back, as each delta moves one,
/// costs nothing: the timer goes off at the old time and is set anew.
void Relay::Core::arm(Run& run) {
  if (run.due() >= run.armed_for) return;
  disarm(run);
  timers_.emplace(run.armed_for = run.due(), run.id);
}

void Relay::Core::disarm(const Run& run) {
  timers_.erase({run.armed_for, run.id});
}

void Relay::Core::expire() {
  while (!timers_.empty() && timers_.begin()->first <= now_) {
    Answer& answer = *runs_.at(timers_.begin()->second);
    Run& run = *answer.run;
    if (run.due() <= now_) {
      expire_run(answer);
    } else {
      disarm(run);
      timers_.emplace(run.armed_for = run.due(), run.id);
    }
  }
  cache_.expire(now_);
  while (answers_.oldest_ended() &&
         answers_.oldest_ended()->ended_at + config_.answer.retention <= now_) {
    forget_oldest_ended();
  }
  spent_keys_.expire(now_);
}

void Relay::Core::expire_run(Answer& answer) {
  const Run& run = *answer.run;
  const std::string& provider = run.provider->name;
  if (run.linger_until && *run.linger_until <= now_) {
    return fail(answer, nobody_reading(config_.answer.linger), Trigger::abandoned);
  }
  if (run.hedge_at && *run.hedge_at <= now_) return call_rival(answer);
  if (run.wait && run.wait->until <= now_) {
    const Wait::For what = run.wait->what;
    if (what == Wait::For::next_call) return call_again(answer);
    stream::Failed failed = wait_over(what, provider, config_.provider);
    if (what == Wait::For::turn) {
      return fail(answer,
                  turn_never_came(config_.admission, admission_.until_allowed(run.client.id, now_)),
                  Trigger::timed_out);
    }
    if (what == Wait::For::passages) return fail(answer, std::move(failed), Trigger::timed_out);
    return fail_call(answer, std::move(failed), Trigger::timed_out);
  }
  stream::Failed failed = answer_too_slow(provider, config_.provider);
  keep_explained(run, failed);
  fail(answer, std::move(failed), Trigger::timed_out);
}

/// True where one more answer may be kept; ended ones go for it.
bool Relay::Core::make_room() {
  while (answers_.full() && forget_oldest()) {
  }
  return !answers_.full();
}

/// Something that has ended goes: first what is only kept in case somebody asks for it.
bool Relay::Core::forget_oldest() {
  if (cache_.drop_oldest()) return true;
  if (!answers_.oldest_ended()) return false;
  forget_oldest_ended();
  return true;
}

/// Its readers hear of it; its key must not start a run again.
void Relay::Core::forget_oldest_ended() {
  const std::unique_ptr<Asker> asker = answers_.take_oldest_ended();
  spent_keys_.add(asker->key, SpentKeys::Why::forgotten, now_ + config_.answer.retention);
  for (const ReaderId id : asker->readers) {
    Reader& reader = *find_reader(id);
    reader.asker = nullptr;
    std::erase(asker->answer->waiting, id);
    if (reader.after < asker->answer->log.last()) refuse(id, answer_forgotten());
  }
}

}  // namespace weir::relay
