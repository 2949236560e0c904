#include "engine/client.hpp"

#include <utility>

#include "weir/prompt/request.hpp"
#include "weir/provider/provider.hpp"

namespace weir::client {
namespace {

/// A page has one reader and small answers; what has been read need not be kept.
constexpr std::size_t log_bytes = 4 << 20;
constexpr std::size_t read_bytes = 64 << 10;
/// An ended answer is read to its end at once; this only must not be nothing.
constexpr Duration read_within = 5s;

std::unique_ptr<relay::Relay> local_relay(const tokens::Encoding& encoding) {
  relay::Config config;
  config.catalog = provider::offline_catalog();
  config.add(encoding);
  config.answer.log_bytes = log_bytes;
  config.answer.all_logs_bytes = 8 * log_bytes;
  config.answer.linger = Duration::zero();
  config.answer.retention = read_within;
  return std::make_unique<relay::Relay>(std::move(config));
}

/// Here there is `extract` alone, whatever the ask would have had of an edge. The reader is told
/// where that is less than was asked for.
std::optional<std::string> switch_to_offline(prompt::ChatRequest& request, bool edge) {
  const std::string_view offline = "extract";
  const bool other = !request.provider.empty() && request.provider != offline;
  request.provider.clear();
  request.model.clear();
  if (edge) return "The edge cannot be reached: this answer is put together here, without a model.";
  if (other) return "There is no edge: this answer is put together here, without a model.";
  return std::nullopt;
}

}  // namespace

Client::Client(Config config) : config_(std::move(config)) {
  if (config_.edge) {
    transport::Config transport;
    transport.jitter_seed = config_.jitter_seed;
    transport_ = std::make_unique<transport::Transport>(transport);
  } else {
    actions_.push_back(transport::Action(transport::StatusChanged{transport::Status::offline}));
  }
}

transport::Status Client::status() const {
  return transport_ ? transport_->status() : transport::Status::offline;
}

transport::Figures Client::figures() const {
  return transport_ ? transport_->figures() : transport::Figures{};
}

void Client::handle(Input input, Instant now) {
  std::visit([&](auto&& part) { take(std::move(part), now); }, std::move(input));
}

std::optional<Action> Client::poll() {
  if (actions_.empty()) return std::nullopt;
  Action action = std::move(actions_.front());
  actions_.pop_front();
  return action;
}

std::optional<Instant> Client::deadline() const {
  const std::optional<Instant> network = transport_ ? transport_->deadline() : std::nullopt;
  const std::optional<Instant> local = relay_ ? relay_->deadline() : std::nullopt;
  if (!network || !local) return network ? network : local;
  return std::min(*network, *local);
}

void Client::take(Ask ask, Instant now) {
  const Ref ref = ask.ref;
  if (answers_.contains(ref)) return;
  transport::Ask remote{ref, ask.key, ask.request, ask.again};
  answers_.emplace(ref, Answer{std::move(ask), Place::edge, 0, std::nullopt});
  if (!transport_) return answer_here(ref, now);
  transport_->handle(std::move(remote), now);
  run_transport(now);
}

void Client::take(Found found, Instant now) {
  if (relay_) to_relay(relay::Retrieved{found.run, std::move(found.context)}, now);
}

void Client::take(EncodingLoaded loaded, Instant now) {
  loading_ = false;
  if (loaded.encoding && !relay_) relay_ = local_relay(*loaded.encoding);
  std::vector<Ref> waiting;
  for (const auto& [ref, answer] : answers_) {
    if (answer.place == Place::waiting) waiting.push_back(ref);
  }
  for (const Ref ref : waiting) {
    if (relay_) {
      begin_here(ref, now);
    } else {
      refuse(ref,
             {ErrorCode::provider_unreachable,
              "No edge can be reached, and the vocabulary to answer without one is not here.",
              "Ask again when the network is back."},
             now);
    }
  }
}

void Client::take(Woken, Instant now) {
  if (status() != transport::Status::http) take(transport::NetworkChanged{true}, now);
}

void Client::take(transport::Input input, Instant now) {
  if (const auto* stop = std::get_if<transport::Cancel>(&input)) {
    return cancel(stop->ref, std::move(input), now);
  }
  if (relay_ && std::holds_alternative<transport::Tick>(input)) to_relay(relay::Tick{}, now);
  if (transport_) {
    transport_->handle(std::move(input), now);
    run_transport(now);
  } else if (const auto* follow = std::get_if<transport::Follow>(&input)) {
    refuse_follow(follow->ref);
  }
}

/// An answer that is followed was made by an edge.
void Client::refuse_follow(Ref ref) {
  stream::Failed failed;
  failed.error = {ErrorCode::not_found, "There is no edge here that could have this answer.",
                  "Name the edge that gave it."};
  actions_.push_back(transport::Action(transport::Deliver{ref, {0, std::move(failed)}}));
}

void Client::cancel(Ref ref, transport::Input input, Instant now) {
  const auto found = answers_.find(ref);
  if (transport_ && (found == answers_.end() || found->second.place == Place::edge)) {
    transport_->handle(std::move(input), now);
    return run_transport(now);
  }
  if (found == answers_.end()) return;
  if (found->second.place == Place::here) {
    const relay::ReaderId asker = relay_->open_reader();
    to_relay(relay::Cancel{asker, found->second.ask.key, std::nullopt}, now);
    return to_relay(relay::Detach{asker}, now);
  }
  refuse(ref, {ErrorCode::cancelled, "The answer was stopped.", ""}, now);
}

void Client::run_transport(Instant now) {
  while (std::optional<transport::Action> action = transport_->poll()) {
    if (const auto* lost = std::get_if<transport::Unreachable>(&*action)) {
      answer_here(lost->ref, now);
      continue;
    }
    if (const auto* given = std::get_if<transport::Deliver>(&*action)) {
      if (stream::ends_answer(given->entry.event)) answers_.erase(given->ref);
    }
    actions_.push_back(*std::move(action));
  }
}

void Client::answer_here(Ref ref, Instant now) {
  const auto found = answers_.find(ref);
  if (found == answers_.end()) return;
  if (relay_) return begin_here(ref, now);
  found->second.place = Place::waiting;
  if (!loading_) actions_.push_back(LoadEncoding{});
  loading_ = true;
}

void Client::begin_here(Ref ref, Instant now) {
  Answer& answer = answers_.at(ref);
  Result<prompt::ChatRequest> request = prompt::parse_request(answer.ask.request);
  if (!request) return refuse(ref, request.error(), now);
  answer.notice = switch_to_offline(*request, transport_ != nullptr);
  answer.place = Place::here;
  answer.reader = relay_->open_reader();
  readers_[answer.reader] = ref;
  const relay::ReaderId reader = answer.reader;
  to_relay(relay::Ask{reader, answer.ask.key, answer.ask.fresh_answer, *std::move(request)}, now);
  read(reader, now);
}

void Client::to_relay(relay::Input input, Instant now) {
  relay_->handle(std::move(input), now);
  run_relay(now);
}

void Client::run_relay(Instant now) {
  while (std::optional<relay::Action> action = relay_->poll()) carry_out(*std::move(action), now);
}

void Client::carry_out(relay::Action action, Instant now) {
  if (const auto* wake = std::get_if<relay::WakeReader>(&action)) return read(wake->reader, now);
  if (auto* wanted = std::get_if<relay::Retrieve>(&action)) {
    actions_.push_back(Find{wanted->run, std::move(wanted->request)});
    return;
  }
  // The offline catalog has nothing that opens connections.
  WEIR_ASSERT(!std::holds_alternative<relay::OpenProvider>(action));
}

void Client::read(relay::ReaderId reader, Instant now) {
  const auto found = readers_.find(reader);
  if (found == readers_.end()) return;
  const Ref ref = found->second;
  while (readers_.contains(reader)) {
    std::vector<stream::Entry> entries = relay_->read(reader, read_bytes);
    if (entries.empty()) return;
    for (stream::Entry& entry : entries) deliver(ref, std::move(entry), now);
  }
}

void Client::deliver(Ref ref, stream::Entry entry, Instant now) {
  const auto found = answers_.find(ref);
  if (found == answers_.end()) return;
  const bool last = stream::ends_answer(entry.event);
  const bool first = std::holds_alternative<stream::Accepted>(entry.event);
  actions_.push_back(DeliverLocal{{ref, std::move(entry)}});
  if (first && found->second.notice) {
    stream::Notice notice{stream::Notice::Kind::provider_switched, *found->second.notice};
    actions_.push_back(DeliverLocal{{ref, {0, std::move(notice)}}});
  }
  if (!last) return;
  const relay::ReaderId reader = found->second.reader;
  answers_.erase(found);
  if (readers_.erase(reader) > 0) relay_->handle(relay::Detach{reader}, now);
}

void Client::refuse(Ref ref, Error error, Instant now) {
  stream::Failed failed;
  failed.error = std::move(error);
  failed.retryable = failed.error.code == ErrorCode::provider_unreachable;
  deliver(ref, {0, std::move(failed)}, now);
}

}  // namespace weir::client
