#include "weir/relay/embedding_session.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "weir/relay/failures.hpp"
#include "weir/relay/openai_face.hpp"
#include "weir/relay/remedy.hpp"

namespace weir::relay {
namespace {

/// A host that reports a failed connection may come as much later than the limit.
constexpr Duration host_delay_most = 1s;

stream::Failed broke_off(const std::string& provider, std::string_view how) {
  stream::Failed failed;
  failed.error = {ErrorCode::provider_cut, provider + "'s response " + std::string(how) + ".",
                  "Ask again."};
  failed.provider = provider;
  failed.retryable = true;
  return failed;
}

}  // namespace

EmbeddingSession::EmbeddingSession(Relay& relay, std::string_view body, Instant now, Client client)
    : relay_(relay),
      config_(relay.config()),
      client_(std::move(client)),
      random_(config_.seed ^ static_cast<std::uint64_t>(now.time_since_epoch().count())),
      until_(now + config_.recovery.whole) {
  if (const auto begun = begin(body); !begun) {
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
Result<void> EmbeddingSession::begin(std::string_view body) {
  auto read = wire::read_embedding_request(body, config_.request);
  if (!read) return read.error();
  asked_ = *std::move(read);
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
  response_ = {};
  connected_ = true;
  call_ = relay_.begin_embedding(*provider_, asked_.model, now);
  if (config_.unix_seconds) attempt_.unix_seconds = config_.unix_seconds();
  actions_.emplace_back(OpenProvider{
      ++run_, provider::embedding_request(*provider_, asked_.model, batch(), attempt_)});
  // The host has these two limits in its own hands, and names the one that was passed.
  wait_ = {Wait::For::connection,
           now + config_.provider.connect + config_.provider.tls + host_delay_most};
}

void EmbeddingSession::handle(const Input& input, Instant now) {
  if (const auto* sent = std::get_if<ProviderSent>(&input)) {
    if (concerns_this_call(sent->run)) {
      wait_ = {Wait::For::response, now + config_.provider.first_byte};
    }
  } else if (const auto* head = std::get_if<ProviderHead>(&input)) {
    if (!concerns_this_call(head->run)) return;
    response_.status = head->status;
    response_.headers = head->headers;
    wait_ = {Wait::For::first_byte, now + config_.provider.first_byte};
  } else if (const auto* bytes = std::get_if<ProviderBytes>(&input)) {
    if (!concerns_this_call(bytes->run)) return;
    response_.body += bytes->bytes;
    wait_ = {Wait::For::next_bytes, now + config_.provider.between_bytes};
    if (response_.body.size() > config_.provider.embeddings_bytes) {
      fail_call(broke_off(provider_->name, "is larger than is read"), now);
    }
  } else if (const auto* ended = std::get_if<ProviderEnded>(&input)) {
    if (concerns_this_call(ended->run)) take_response(ended->clean, now);
  } else if (const auto* failed = std::get_if<ProviderFailed>(&input)) {
    if (!concerns_this_call(failed->run)) return;
    connected_ = false;
    fail_call(failed->timed_out ? not_connected(*provider_, failed->message)
                                : unreachable(*provider_, failed->message),
              now);
  } else {
    expire(now);
  }
}

void EmbeddingSession::take_response(bool clean, Instant now) {
  connected_ = false;
  if (!clean || response_.status == 0) {
    return fail_call(broke_off(provider_->name, "broke off before it was whole"), now);
  }
  auto read = provider::read_embeddings(*provider_, asked_.model, batch(), attempt_, response_);
  if (auto* embeddings = std::get_if<provider::Embeddings>(&read)) {
    take(std::move(*embeddings), now);
  } else {
    fail_call(std::get<stream::Failed>(read), now);
  }
}

void EmbeddingSession::take(provider::Embeddings&& embeddings, Instant now) {
  call_.note_input(embeddings.prompt_tokens);
  call_.end("", now);
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

void EmbeddingSession::expire(Instant now) {
  if (state_ == State::ended || now < wait_.until) return;
  if (state_ == State::pausing) return call(now);
  fail_call(wait_over(wait_.what, provider_->name, config_.provider), now);
}

void EmbeddingSession::fail_call(const stream::Failed& failed, Instant now) {
  let_go();
  call_.end(name(failed.error.code), now);
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
      wait_ = {Wait::For::next_call,
               now + std::max<Duration>(pause, failed.retry_after.value_or(0ms))};
      return;
    }
    default:
      return fail(failed);
  }
}

void EmbeddingSession::fail(const stream::Failed& failed) {
  state_ = State::ended;
  head_ = failed_head(failed);
}

void EmbeddingSession::let_go() {
  if (std::exchange(connected_, false)) actions_.emplace_back(CloseProvider{run_});
}

std::optional<Action> EmbeddingSession::poll() {
  if (actions_.empty()) return std::nullopt;
  Action action = std::move(actions_.front());
  actions_.pop_front();
  return action;
}

std::optional<Instant> EmbeddingSession::deadline() const {
  if (state_ == State::ended) return std::nullopt;
  return wait_.until;
}

std::optional<HttpHead> EmbeddingSession::head() {
  return std::exchange(head_, std::nullopt);
}

}  // namespace weir::relay
