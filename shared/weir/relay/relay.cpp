#include "weir/relay/relay.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/provider/models.hpp"
#include "weir/relay/core.hpp"
#include "weir/relay/failures.hpp"

namespace weir::relay {

Relay::Core::Core(Config config)
    : config_(std::move(config)),
      answers_(config_.answer),
      cache_(config_.cache),
      admission_(config_.admission),
      spent_keys_(config_.answer.answers),
      health_(config_.recovery),
      random_(config_.seed) {
  WEIR_ASSERT(std::any_of(config_.encodings.begin(), config_.encodings.end(),
                          [](const tokens::Encoding* encoding) { return encoding != nullptr; }));
}

/// What came in time counts even where the host brings it a little late: waits end afterwards.
void Relay::Core::handle(Input& input, Instant now) {
  now_ = now;
  std::visit([this](auto& each) { on(each); }, input);
  expire();
  serve_queue();
}

/// A reader may have left since its waking was noted.
std::optional<Action> Relay::Core::poll() {
  while (next_action_ < actions_.size()) {
    std::optional<Action> action(std::move(actions_[next_action_++]));
    const auto* wakes = std::get_if<WakeReader>(&*action);
    if (!wakes || find_reader(wakes->reader)) return action;
  }
  actions_.clear();
  next_action_ = 0;
  return std::nullopt;
}

std::optional<Instant> Relay::Core::deadline() const {
  if (!composing_.empty()) return now_;
  std::optional<Instant> first = spent_keys_.deadline();
  const auto consider = [&](Instant at) { first = first ? std::min(*first, at) : at; };
  if (!timers_.empty()) consider(timers_.begin()->first);
  if (queue_due_) consider(*queue_due_);
  if (const Asker* asker = answers_.oldest_ended()) {
    consider(asker->ended_at + config_.answer.retention);
  }
  if (const auto cached = cache_.deadline()) consider(*cached);
  return first;
}

std::optional<stream::Failed> Relay::Core::enter_embedding(const Client& client,
                                                           std::uint64_t tokens, Instant now) {
  const auto refusal = admission_.enter_embedding(client, tokens, now);
  if (!refusal) return std::nullopt;
  stream::Failed failed = not_admitted(*refusal);
  Meters::count(meters_.refused, name(failed.error.code));
  return failed;
}

CallClock Relay::Core::begin_embedding(const provider::Provider& provider, std::string_view model,
                                       Instant now) {
  ++runs_started_;
  const provider::Model known = provider::find_model(provider.models, model);
  return {&meters_.calls.of("embeddings", provider, known), now, now, false};
}

Figures Relay::Core::figures() const {
  Figures figures;
  figures.answers = answers_.size();
  figures.running = answers_.running();
  figures.queued = admission_.waiting();
  figures.readers = readers_.size();
  figures.embeddings = admission_.embeddings();
  figures.log_bytes = answers_.log_bytes();
  figures.cached = cache_.kept();
  figures.cached_bytes = cache_.bytes();
  figures.runs_started = runs_started_;
  return figures;
}

Relay::Relay(Config config) : core_(std::make_unique<Core>(std::move(config))) {}
Relay::~Relay() = default;

ReaderId Relay::open_reader() {
  return core_->open_reader();
}
void Relay::handle(Input input, Instant now) {
  core_->handle(input, now);
}
std::optional<Action> Relay::poll() {
  return core_->poll();
}
std::optional<Instant> Relay::deadline() const {
  return core_->deadline();
}
std::optional<stream::EntryView> Relay::next(ReaderId reader) {
  return core_->next(reader);
}
std::vector<stream::Entry> Relay::read(ReaderId reader, std::size_t bytes_most) {
  return core_->read(reader, bytes_most);
}
std::optional<Id128> Relay::answer_of(ReaderId reader) const {
  return core_->answer_of(reader);
}
std::optional<stream::Failed> Relay::enter_embedding(const Client& client, std::uint64_t tokens,
                                                     Instant now) {
  return core_->enter_embedding(client, tokens, now);
}
void Relay::leave_embedding(const Client& client) {
  core_->leave_embedding(client);
}
CallClock Relay::begin_embedding(const provider::Provider& provider, std::string_view model,
                                 Instant now) {
  return core_->begin_embedding(provider, model, now);
}
Figures Relay::figures() const {
  return core_->figures();
}
const Meters& Relay::meters() const {
  return core_->meters();
}
const Config& Relay::config() const {
  return core_->config();
}

}  // namespace weir::relay
