#include <algorithm>
#include <memory>
#include <utility>

#include "weir/provider/abilities.hpp"
#include "weir/provider/models.hpp"
#include "weir/relay/core.hpp"
#include "weir/relay/failures.hpp"

/// A call of a provider has failed: another key, another try, another provider, a shorter prompt,
/// or the answer's end. Each call is a run with an id of its own, so that what the host still
/// reports of the last one is passed over.
namespace weir::relay {

// -- what is known when it happens

/// Once something is shown, the answer can only go on behind it.
void Relay::Core::note_shown(Run& run, const stream::Event& event) {
  const bool text = std::holds_alternative<stream::Delta>(event);
  const bool other = std::holds_alternative<stream::Reasoning>(event) ||
                     std::holds_alternative<stream::ToolCall>(event);
  if (other) run.tries.only_text = false;
  if (std::holds_alternative<stream::Done>(event)) health_.succeeded(*run.provider);
  if (const auto* usage = std::get_if<stream::Usage>(&event)) {
    run.tries.counted = true;
    run.usage = *usage;
    run.call.note_tokens(usage->prompt, usage->completion);
    admission_.charge(run.client.id, {0, usage->completion}, now_);
  }
  if (!text && !other) return;
  run.call.note_chunk(now_);
  if (!run.first_at) {
    run.first_at = now_;
    run.first_took = now_ - run.sent;
  }
  if (run.tries.shown) return;
  run.tries.shown = true;
  run.hedge_at.reset();
  drop_rival(run);
  health_.succeeded(*run.provider);
  if (!run.model.continues_prefix) run.request.reset();
}

void Relay::Core::note_health(const provider::Provider& provider, std::size_t key,
                              const stream::Failed& failed) {
  if (failed.error.code == ErrorCode::provider_quota) {
    health_.limited(provider, key, failed.retry_after, now_);
  } else if (is_the_providers(failed)) {
    health_.failed(provider, now_);
  }
}

Progress Relay::Core::progress_of(const Answer& answer) const {
  const Run& run = *answer.run;
  const Tries& tries = run.tries;
  Progress progress;
  progress.shown = tries.shown;
  progress.can_continue = run.request && run.model.continues_prefix && tries.only_text &&
                          text_so_far(answer).has_value();
  progress.has_other_key = health_.has_other_key(*run.provider, tries.key, now_);
  progress.has_stand_in = stand_in(run) != nullptr;
  progress.shortened = tries.shortened;
  progress.late = now_ >= tries.until;
  progress.retries = tries.retries;
  progress.continuations = tries.continuations;
  return progress;
}

/// The first of the chain that was not given up for this answer, is not left out, and can do what
/// the request asks for.
const provider::Provider* Relay::Core::stand_in(const Run& run) const {
  const auto& in_vain = run.tries.in_vain;
  if (!run.request) return nullptr;  // something was shown: there is no other answer any more
  for (const std::string& name : config_.fallbacks) {
    for (const provider::Provider& each : config_.catalog.providers) {
      // By name: the configuration may have been set anew since the answer began.
      const auto is_it = [&](const provider::Provider* other) { return other->name == each.name; };
      const bool tried = is_it(run.provider) || std::any_of(in_vain.begin(), in_vain.end(), is_it);
      if (each.name != name || tried || health_.rests(each, now_)) continue;
      if (provider::check_abilities(each, *run.request)) return &each;
    }
  }
  return nullptr;
}

/// Nothing where the log no longer has all of it.
std::optional<std::string> Relay::Core::text_so_far(const Answer& answer) const {
  std::string text;
  std::string joined;
  stream::Cursor after = 0;
  while (const auto entry = answer.log.next(after, config_.answer.joined_delta_bytes, joined)) {
    if (std::holds_alternative<stream::Gap>(entry->event)) return std::nullopt;
    const auto* part = std::get_if<stream::EntryView::Text>(&entry->event);
    if (part && !part->reasoning) text += part->text;
    after = entry->cursor;
  }
  return text;
}

// -- what is done about it

/// A codec's word that the call has failed: true where something is done about it.
bool Relay::Core::take_failure(Answer& answer, stream::Failed& failed, Trigger at_end) {
  if (failed.provider.empty()) failed.provider = answer.run->provider->name;
  if (recover(answer, failed, at_end == Trigger::finished)) return true;
  keep_explained(*answer.run, failed);
  if (failed.error.code == ErrorCode::context_too_long) add_counts(failed, *answer.run);
  return false;
}

/// The answer's end, unless something can be done.
void Relay::Core::fail_call(Answer& answer, stream::Failed failed, Trigger trigger) {
  if (recover(answer, failed, false)) return;
  keep_explained(*answer.run, failed);
  fail(answer, std::move(failed), trigger);
}

/// True where another call was made or will be. `response_ended`: the provider has said all it had
/// to say, so its connection may serve again.
bool Relay::Core::recover(Answer& answer, const stream::Failed& failed, bool response_ended) {
  Run& run = *answer.run;
  Tries& tries = run.tries;
  if (tries.unexplained) return false;
  note_health(*run.provider, tries.key, failed);
  run.call.end(name(failed.error.code), now_);
  const Remedy remedy = remedy_for(failed, progress_of(answer), config_.recovery);
  if (run.rival && (is_the_providers(failed) || failed.error.code == ErrorCode::provider_quota)) {
    end_call(answer, response_ended);
    replace_by_rival(answer, failed.error.message);
    return true;
  }
  drop_rival(run);
  switch (remedy) {
    case Remedy::none:
      return ask_for_more(answer, failed, response_ended);
    case Remedy::other_key:
      end_call(answer, response_ended);
      append(answer, retrying(failed, "Another of its keys is used."));
      call_again(answer);
      return true;
    case Remedy::retry:
      ++tries.retries;
      end_call(answer, response_ended);
      call_later(answer, failed);
      return true;
    case Remedy::other_provider:
      end_call(answer, response_ended);
      call_stand_in(answer, failed);
      return true;
    case Remedy::shorten:
      return call_with_less(answer, response_ended);
    case Remedy::continue_text:
      ++tries.continuations;
      end_call(answer, response_ended);
      append(answer, retrying(failed, "It goes on where it broke off."));
      call_again(answer);
      return true;
  }
  return false;
}

/// True where the provider is asked for more about a failure that is the answer's end.
bool Relay::Core::ask_for_more(Answer& answer, const stream::Failed& failed, bool response_ended) {
  Run& run = *answer.run;
  auto question =
      provider::explain(*run.provider, run.model, failed, config_.provider, attempt_of(run));
  if (!question) return false;
  end_call(answer, response_ended);
  run.tries.unexplained = std::make_unique<stream::Failed>(failed);
  run.whole_until = std::min(run.whole_until, now_ + config_.recovery.explanation);
  open(answer, *std::move(question));
  return true;
}

/// What goes wrong while more is asked about a failure is of no interest.
void Relay::Core::keep_explained(const Run& run, stream::Failed& failed) {
  const auto& first = run.tries.unexplained;
  if (first && failed.error.code != first->error.code) failed = *first;
}

/// Lets go of the call; the next one has another id.
void Relay::Core::end_call(Answer& answer, bool response_ended) {
  Run& run = *answer.run;
  step(answer, Trigger::failed);
  let_go(run, response_ended);
  run.paused = false;
  run.codec.reset();
  run.wait.reset();
  disarm(run);
  runs_.erase(run.id);
  run.id = ++last_run_;
  runs_.emplace(run.id, &answer);
  timers_.emplace(run.armed_for = run.due(), run.id);
}

void Relay::Core::call_later(Answer& answer, const stream::Failed& failed) {
  const limits::Recovery& limits = config_.recovery;
  const Duration pause =
      answer.run->tries.backoff.next(random_, limits.retry_first, limits.retry_most);
  append(answer, retrying(failed, "It is asked again."));
  wait_for(answer, Wait::For::next_call,
           std::max<Duration>(pause, failed.retry_after.value_or(0ms)));
}

void Relay::Core::call_stand_in(Answer& answer, const stream::Failed& failed) {
  Run& run = *answer.run;
  const provider::Provider& other = *stand_in(run);
  run.tries.in_vain.push_back(run.provider);
  run.tries.retries = 0;
  run.tries.backoff.reset();
  run.provider = &other;
  run.model = config_.catalog.choose(other.name, {})->second;
  append(answer, switched(failed.error.message, run));
  call_again(answer);
}

/// False where nothing can be left out.
bool Relay::Core::call_with_less(Answer& answer, bool response_ended) {
  Run& run = *answer.run;
  auto prompt = build_shorter(run);
  if (!prompt || prompt->tokens >= run.tries.prompt_tokens) return false;
  run.tries.shortened = true;
  end_call(answer, response_ended);
  append(answer, dropped_from(*prompt));
  call_provider(answer, *prompt);
  return true;
}

/// With a prompt for the model that is asked now.
void Relay::Core::call_again(Answer& answer) {
  Run& run = *answer.run;
  auto prompt = run.tries.shortened ? build_shorter(run) : build(*run.request, run.model);
  if (!prompt) return fail(answer, refused(prompt.error()), Trigger::refused);
  call_provider(answer, *prompt, run.tries.shown ? *text_so_far(answer) : std::string());
}

/// Without passages, and with no more of the history than brings it to half of what it was, as far
/// as the question lets it.
Result<prompt::Prompt> Relay::Core::build_shorter(const Run& run) {
  prompt::ChatRequest request = *run.request;
  std::vector<Passage> passages;
  if (request.context) passages = std::exchange(*request.context, {});
  const std::uint32_t half = run.tries.prompt_tokens / 2;
  auto prompt = build(request, run.model);
  if (prompt && prompt->tokens > half) {
    prompt::Budget smaller = provider::counted_budget(run.model);
    smaller.context_tokens = half + smaller.answer_tokens;
    auto least = build(std::move(request), run.model, smaller);
    if (least) prompt = std::move(least);
  }
  if (!prompt) return prompt;
  for (const Passage& passage : passages) {
    prompt->dropped.push_back({ref(passage), "the provider found the prompt too long"});
  }
  return prompt;
}

}  // namespace weir::relay
