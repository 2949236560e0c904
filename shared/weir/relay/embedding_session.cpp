#include "weir/relay/embedding_session.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "weir/relay/failures.hpp"
#include "weir/relay/openai_face.hpp"
#include "weir/relay/remedy.hpp"

namespace weir::relay {

EmbeddingSession::EmbeddingSession(Relay& relay, std::string_view body, Instant now, Client client)
    : EmbeddingSession(relay, wire::read_embedding_request(body, relay.config().request), now,
                       std::move(client)) {}

EmbeddingSession::EmbeddingSession(Relay& relay, wire::EmbeddingRequest asked, Instant now,
                                   Client client)
    : EmbeddingSession(relay, Result(std::move(asked)), now, std::move(client)) {}

EmbeddingSession::EmbeddingSession(Relay& relay, Result<wire::EmbeddingRequest> asked, Instant now,
                                   Client client)
    : relay_(relay),
      config_(relay.config()),
      client_(std::move(client)),
      random_(config_.seed ^ static_cast<std::uint64_t>(now.time_since_epoch().count())),
      until_(now + config_.recovery.whole) {
  if (const auto begun = begin(std::move(asked)); !begun) {
    fail({begun.error(), "", false, {}});
  } else if (const auto refused = relay_.enter_embedding(client_, count_tokens(), now)) {
    fail(*refused);
  } else {
    entered_ = true;
    call(now);
  }
}

EmbeddingSession::~EmbeddingSession() {
  if (entered_) relay_.leave_embedding(client_);
}

/// Which provider is asked, and whether it can do it.
Result<void> EmbeddingSession::begin(Result<wire::EmbeddingRequest>&& asked) {
  if (!asked) return asked.error();
  asked_ = *std::move(asked);
  choose_by_model(asked_.provider, asked_.model, config_.catalog);
  const auto chosen = config_.catalog.choose(asked_.provider, asked_.model);
  if (!chosen) return chosen.error();
  provider_ = *chosen->first;
  request_.texts = std::move(asked_.texts);
  request_.tokens = std::move(asked_.tokens);
  request_.dimensions = asked_.dimensions;
  vectors_.reserve(request_.size());
  attempt_.digests = config_.digests;
  return provider::check_embedding(*provider_, asked_.model, request_);
}

/// With the encoding of OpenAI's models for embeddings where it is there: others' are not public.
std::uint64_t EmbeddingSession::count_tokens() const {
  const auto& encodings = config_.encodings;
  const tokens::Encoding* encoding =
      encodings[static_cast<std::size_t>(tokens::EncodingName::cl100k_base)];
  for (const tokens::Encoding* other : encodings) encoding = encoding ? encoding : other;
  std::uint64_t count = 0;
  for (const std::string& text : request_.texts) count += encoding->count(text);
  for (const auto& tokens : request_.tokens) count += tokens.size();
  return count;
}

provider::EmbeddingRequest EmbeddingSession::batch() const {
  return request_.part(vectors_.size(), provider::embedding_batch(*provider_, asked_.model));
}

void EmbeddingSession::call(Instant now) {
  state_ = State::calling;
  clock_ = relay_.begin_embedding(*provider_, asked_.model, now);
  if (config_.unix_seconds) attempt_.unix_seconds = config_.unix_seconds();
  call_.emplace(*provider_, asked_.model, batch(), attempt_, config_.provider, ++run_, now);
  actions_.emplace_back(OpenProvider{run_, call_->request()});
}

void EmbeddingSession::handle(const Input& input, Instant now) {
  if (state_ == State::calling) {
    if (auto outcome = call_->handle(input, now)) take(*std::move(outcome), now);
  } else if (state_ == State::pausing && now >= next_call_) {
    call(now);
  }
}

void EmbeddingSession::take(EmbeddingCall::Outcome&& outcome, Instant now) {
  if (auto* embeddings = std::get_if<provider::Embeddings>(&outcome)) {
    take(std::move(*embeddings), now);
  } else {
    fail_call(std::get<stream::Failed>(outcome), now);
  }
}

void EmbeddingSession::take(provider::Embeddings&& embeddings, Instant now) {
  clock_.note_input(embeddings.prompt_tokens);
  clock_.end("", now);
  std::move(embeddings.vectors.begin(), embeddings.vectors.end(), std::back_inserter(vectors_));
  prompt_tokens_ += embeddings.prompt_tokens;
  retries_ = 0;
  backoff_.reset();
  if (vectors_.size() < request_.size()) return call(now);
  state_ = State::ended;
  head_.emplace();
  head_->content_type = "application/json";
  head_->body = wire::write_embeddings(asked_.model, vectors_, prompt_tokens_, asked_.base64);
}

void EmbeddingSession::fail_call(const stream::Failed& failed, Instant now) {
  let_go();
  clock_.end(name(failed.error.code), now);
  Progress progress;
  progress.has_other_key = attempt_.key < provider_->more_keys.size();
  progress.shortened = true;  // a text that is too long stays so
  progress.late = now >= until_;
  progress.retries = retries_;
  switch (remedy_for(failed, progress, config_.recovery)) {
    case Remedy::other_key:
      ++attempt_.key;
      return call(now);
    case Remedy::retry: {
      ++retries_;
      state_ = State::pausing;
      const Duration pause =
          backoff_.next(random_, config_.recovery.retry_first, config_.recovery.retry_most);
      next_call_ = now + std::max<Duration>(pause, failed.retry_after.value_or(0ms));
      return;
    }
    default:
      return fail(failed);
  }
}

void EmbeddingSession::fail(const stream::Failed& failed) {
  state_ = State::ended;
  vectors_.clear();
  head_ = failed_head(failed);
}

void EmbeddingSession::let_go() {
  if (call_ && call_->connected()) actions_.emplace_back(CloseProvider{run_});
  call_.reset();
}

std::optional<Action> EmbeddingSession::poll() {
  if (actions_.empty()) return std::nullopt;
  Action action = std::move(actions_.front());
  actions_.pop_front();
  return action;
}

std::optional<Instant> EmbeddingSession::deadline() const {
  if (state_ == State::ended) return std::nullopt;
  return state_ == State::pausing ? next_call_ : call_->deadline();
}

std::optional<HttpHead> EmbeddingSession::head() {
  return std::exchange(head_, std::nullopt);
}

}  // namespace weir::relay
