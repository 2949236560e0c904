#include "weir/relay/failures.hpp"

#include <utility>

#include "weir/provider/models.hpp"

namespace weir::relay {
namespace {

stream::Failed make(ErrorCode code, std::string message, std::string hint, bool retryable = false,
                    std::string_view provider = {}) {
  return {{code, std::move(message), std::move(hint)}, std::string(provider), retryable, {}};
}

std::string text(Duration duration) {
  if (duration % 1s == Duration::zero()) return std::to_string(duration / 1s) + " s";
  return std::to_string(duration / 1ms) + " ms";
}

/// As Retry-After counts.
std::chrono::milliseconds in_whole_seconds(Duration duration) {
  return std::chrono::ceil<std::chrono::seconds>(duration);
}

constexpr std::string_view fresh_key_hint = "Ask again with a fresh key.";

}  // namespace

stream::Failed refused(Error error) {
  return {std::move(error), "", false, {}};
}

stream::Failed key_reused() {
  return make(ErrorCode::invalid_request, "This key belongs to another request.",
              "Use a fresh random key for every question.");
}

stream::Failed key_spent_by_cancel() {
  return make(ErrorCode::cancelled, "The question was cancelled before it arrived.",
              std::string(fresh_key_hint));
}

stream::Failed answer_unknown() {
  return make(ErrorCode::not_found, "There is no such answer here.",
              "It may have ended too long ago. Ask again.");
}

stream::Failed answer_forgotten() {
  return make(ErrorCode::not_found, "This answer has ended and is no longer kept.",
              std::string(fresh_key_hint));
}

stream::Failed not_this_answers_key() {
  return make(ErrorCode::unauthorized, "This key is not the answer's.",
              "Only who asked can cancel: send the key of the ask.");
}

stream::Failed cursor_beyond_log(stream::Cursor last) {
  return make(ErrorCode::invalid_request,
              "`after` lies beyond the answer's last event, " + std::to_string(last) + ".",
              "Send the cursor of the last event you have received.");
}

stream::Failed edge_full(const limits::Answer& limits) {
  stream::Failed failed =
      make(ErrorCode::queue_full,
           "The edge has no room for another answer (at most " + std::to_string(limits.answers) +
               " answers and " + std::to_string(limits.all_logs_bytes) + " bytes of them).",
           "Ask again in a moment.", true);
  failed.retry_after = 5s;
  return failed;
}

stream::Failed answer_crowded(const limits::Answer& limits) {
  return make(ErrorCode::queue_full,
              "This answer has as many readers as it may have, " +
                  std::to_string(limits.readers_per_answer) + ".",
              "Try again when some have left.", true);
}

stream::Failed lost_on_the_way() {
  return make(ErrorCode::internal,
              "Part of the answer was lost, because this connection did not take it in time.",
              "Ask again.", true);
}

stream::Failed not_admitted(const Admission::Outcome& refusal) {
  stream::Failed failed;
  if (const auto* used_up = std::get_if<Admission::TooMany>(&refusal)) {
    failed = make(ErrorCode::rate_limited, "You have asked as much as you may for now.",
                  "Ask again when some time has passed.", true);
    failed.retry_after = in_whole_seconds(used_up->retry_after);
  } else {
    failed =
        make(ErrorCode::queue_full, "So many questions wait already that this one has no place.",
             "Ask again in a moment.", true);
    const auto* full = std::get_if<Admission::QueueFull>(&refusal);
    if (full) failed.retry_after = in_whole_seconds(full->retry_after);
  }
  return failed;
}

stream::Failed turn_never_came(const limits::Admission& limits, Duration until_allowed) {
  if (until_allowed > 0s) return not_admitted(Admission::TooMany{until_allowed});
  stream::Failed failed =
      make(ErrorCode::queue_full,
           "The question waited for " + text(limits.queue_wait) + ", and its turn did not come.",
           "Ask again in a moment.", true);
  failed.retry_after = in_whole_seconds(limits.retry_after);
  return failed;
}

stream::Failed cancelled_by_asker() {
  return make(ErrorCode::cancelled, "The asker stopped this answer.", "");
}

stream::Failed nobody_reading(Duration linger) {
  return make(ErrorCode::cancelled,
              "The answer was stopped because nobody had read it for " + text(linger) + ".",
              "Ask again.", true);
}

stream::Failed unreachable(const provider::Provider& provider, std::string_view message) {
  std::string said = provider.name + " could not be reached";
  if (!message.empty()) said += ": " + std::string(message);
  if (said.back() != '.') said += '.';
  return make(ErrorCode::provider_unreachable, std::move(said),
              provider::unreachable_hint(provider), true, provider.name);
}

stream::Failed not_connected(const provider::Provider& provider, std::string_view message) {
  return make(ErrorCode::provider_timeout, provider.name + ": " + std::string(message) + ".",
              provider::unreachable_hint(provider), true, provider.name);
}

stream::Failed wait_over(Wait::For what, std::string_view provider,
                         const limits::Provider& limits) {
  const auto timeout = [&](std::string message) {
    return make(ErrorCode::provider_timeout, std::move(message), "Ask again.", true, provider);
  };
  const std::string name(provider);
  switch (what) {
    case Wait::For::passages:
      return make(ErrorCode::provider_timeout,
                  "Searching the repository took longer than " + text(limits.retrieval) + ".",
                  "Ask again, or ask about a smaller part of it.", true);
    case Wait::For::connection:
      return timeout(name + " took longer to be connected to than " +
                     text(limits.connect + limits.tls) + ".");
    case Wait::For::response:
      return timeout(name + " did not begin to answer within " + text(limits.first_byte) + ".");
    case Wait::For::first_byte:
      return timeout(name + " sent no first byte within " + text(limits.first_byte) + ".");
    case Wait::For::next_bytes:
      return timeout(name + " fell silent for longer than " + text(limits.between_bytes) + ".");
    case Wait::For::turn:
    case Wait::For::next_call:
      break;  // its end is the next call, or an error of its own
  }
  return timeout(name + " did not answer in time.");
}

stream::Failed answer_too_slow(std::string_view provider, const limits::Provider& limits) {
  return make(ErrorCode::provider_timeout,
              "The whole answer took longer than " + text(limits.whole_answer) + ".",
              "Ask for a shorter answer.", false, provider);
}

stream::Failed codec_never_ended(std::string_view provider) {
  return make(ErrorCode::internal, "The end of the provider's response was not understood.",
              "Ask again.", true, provider);
}

void add_counts(stream::Failed& failed, const Run& run) {
  failed.error.message += " By our count it was " + std::to_string(run.tries.prompt_tokens) +
                          " tokens, of " +
                          std::to_string(provider::counted_budget(run.model).context_tokens) +
                          " that the model should take.";
}

stream::Notice not_searched(const limits::Request& limits) {
  return {stream::Notice::Kind::no_passages,
          "The question is longer than " + std::to_string(limits.searched_question_tokens) +
              " tokens: the repository was not searched for it."};
}

stream::Notice no_pack() {
  return {stream::Notice::Kind::no_passages,
          "This server has no index of the repository: the answer rests on none of its files."};
}

stream::Notice dropped_from(const prompt::Prompt& prompt) {
  const std::size_t passages = prompt.dropped.size();
  const std::size_t messages = prompt.dropped_messages;
  std::string text = "Left out of the prompt: ";
  if (passages > 0) text += std::to_string(passages) + (passages == 1 ? " passage" : " passages");
  if (passages > 0 && messages > 0) text += " and ";
  if (messages > 0) {
    text += std::to_string(messages) + (messages == 1 ? " older message" : " older messages");
  }
  return {stream::Notice::Kind::context_dropped, text + "."};
}

stream::Notice retrying(const stream::Failed& failed, std::string_view then) {
  return {stream::Notice::Kind::retrying, failed.error.message + " " + std::string(then)};
}

stream::Notice switched(const std::string& why, const Run& run) {
  const std::string& provider = run.provider->name;
  return {stream::Notice::Kind::provider_switched,
          why + " " + provider + " answers instead, with " + run.model.id + ".", provider,
          run.model.id};
}

stream::Notice left_out_for_now(std::string_view provider, const Run& run) {
  return switched(std::string(provider) + " is left out for a while.", run);
}

}  // namespace weir::relay
