#include "weir/relay/bulk_embedding.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace weir::relay {
namespace {

/// How many texts, from `first` on, one call takes.
template <class SizeOf>
std::size_t batch_size(std::size_t first, std::size_t texts, std::size_t batch,
                       const limits::BulkEmbedding& limits, SizeOf&& size_of) {
  std::size_t count = 0, bytes = 0;
  while (first + count < texts && count < batch) {
    bytes += size_of(first + count);
    if (count > 0 && bytes > limits.call_bytes) break;
    ++count;
  }
  return count;
}

}  // namespace

std::size_t BulkEmbedding::count_calls(const std::vector<std::size_t>& text_bytes,
                                       std::size_t batch, const limits::BulkEmbedding& limits) {
  std::size_t calls = 0;
  for (std::size_t at = 0; at < text_bytes.size(); ++calls) {
    at += batch_size(at, text_bytes.size(), batch, limits,
                     [&](std::size_t i) { return text_bytes[i]; });
  }
  return calls;
}

BulkEmbedding::BulkEmbedding(BulkJob job, const BulkConfig& config, Instant now)
    : job_(std::move(job)), config_(config), random_(config.seed), not_before_(now) {
  attempt_.digests = config_.digests;
  if (config_.bulk.whole > 0s) until_ = now + config_.bulk.whole;
  const std::size_t batch = provider::embedding_batch(job_.provider, job_.model);
  for (std::size_t at = 0; at < job_.texts.size();) {
    const std::size_t count = batch_size(at, job_.texts.size(), batch, config_.bulk,
                                         [&](std::size_t i) { return job_.texts[i].size(); });
    waiting_.push_back({at, count, 0});
    at += count;
  }
  call_more(now);
}

void BulkEmbedding::call_more(Instant now) {
  while (!failure_ && !waiting_.empty() && calls_.size() < config_.bulk.calls &&
         now >= not_before_) {
    const Batch batch = waiting_.front();
    waiting_.pop_front();
    begin(batch, now);
  }
}

void BulkEmbedding::begin(const Batch& batch, Instant now) {
  provider::EmbeddingRequest request;
  const auto first = job_.texts.begin() + static_cast<std::ptrdiff_t>(batch.first);
  request.texts.assign(first, first + static_cast<std::ptrdiff_t>(batch.count));
  if (job_.shortened) request.dimensions = job_.dimensions;
  if (config_.unix_seconds) attempt_.unix_seconds = config_.unix_seconds();
  Running& running = calls_.emplace_back(
      Running{batch, EmbeddingCall(job_.provider, job_.model, std::move(request), attempt_,
                                   config_.provider, ++last_run_, now)});
  actions_.emplace_back(OpenProvider{last_run_, running.call.request()});
}

void BulkEmbedding::handle(const Input& input, Instant now) {
  for (auto running = calls_.begin(); running != calls_.end();) {
    auto outcome = running->call.handle(input, now);
    if (!outcome) {
      ++running;
      continue;
    }
    if (running->call.connected()) actions_.emplace_back(CloseProvider{running->call.run()});
    const Batch batch = running->batch;
    running = calls_.erase(running);
    if (const auto* embeddings = std::get_if<provider::Embeddings>(&*outcome)) {
      take(batch, *embeddings);
    } else {
      take_failure(batch, std::get<stream::Failed>(*outcome), now);
    }
  }
  if (until_ && now >= *until_ && !ended()) {
    for (const Running& running : calls_) actions_.emplace_back(CloseProvider{running.call.run()});
    calls_.clear();
    give_up(too_late());
  }
  call_more(now);
}

void BulkEmbedding::take(const Batch& batch, const provider::Embeddings& embeddings) {
  Part part{batch.first, {}};
  for (const std::vector<float>& vector : embeddings.vectors) {
    if (job_.dimensions == 0) job_.dimensions = static_cast<std::uint32_t>(vector.size());
    if (vector.size() != job_.dimensions || job_.dimensions > limits::Pack().embedding_dimensions) {
      return give_up(wrong_vectors("vectors of " + std::to_string(vector.size()) +
                                   " dimensions, where " + std::to_string(job_.dimensions) +
                                   " were expected"));
    }
    auto direction = retrieval::direction_of(vector);
    if (!direction) return give_up(wrong_vectors("vectors with what is no finite number"));
    part.directions.push_back(*std::move(direction));
  }
  backoff_.reset();
  pausing_for_.reset();
  parts_.push_back(std::move(part));
}

void BulkEmbedding::take_failure(Batch batch, const stream::Failed& failed, Instant now) {
  const bool is_quota = failed.error.code == ErrorCode::provider_quota;
  const Duration asked = failed.retry_after.value_or(0ms);
  if (is_quota && attempt_.key < job_.provider.more_keys.size()) {
    ++attempt_.key;  // and so on to the last: then there is a pause
  } else if (!failed.retryable || batch.retries >= config_.bulk.retries ||
             asked > config_.bulk.wait_most) {
    return give_up(failed);
  } else {
    ++batch.retries;
    attempt_.key = 0;
    const Duration pause =
        backoff_.next(random_, config_.bulk.retry_first, config_.bulk.retry_most);
    not_before_ = std::max(not_before_, now + std::max(pause, asked));
    pausing_for_ = failed;
  }
  waiting_.push_front(batch);
}

void BulkEmbedding::give_up(stream::Failed failed) {
  if (!failure_) failure_ = std::move(failed);
}

stream::Failed BulkEmbedding::wrong_vectors(std::string what) const {
  stream::Failed failed;
  failed.error = {ErrorCode::provider_error, job_.provider.name + " gave " + std::move(what) + ".",
                  "Name another model, or other dimensions that it has."};
  failed.provider = job_.provider.name;
  return failed;
}

stream::Failed BulkEmbedding::too_late() const {
  stream::Failed failed;
  failed.error = {ErrorCode::provider_timeout, job_.provider.name + " did not answer in time.",
                  "Ask again."};
  failed.provider = job_.provider.name;
  failed.retryable = true;
  return failed;
}

std::optional<Action> BulkEmbedding::poll() {
  if (actions_.empty()) return std::nullopt;
  Action action = std::move(actions_.front());
  actions_.pop_front();
  return action;
}

std::optional<Instant> BulkEmbedding::deadline() const {
  if (ended()) return std::nullopt;
  std::optional<Instant> next = until_;
  const auto note = [&](Instant at) { next = next ? std::min(*next, at) : at; };
  for (const Running& running : calls_) note(running.call.deadline());
  if (!failure_ && !waiting_.empty() && calls_.size() < config_.bulk.calls) note(not_before_);
  return next;
}

std::optional<BulkEmbedding::Part> BulkEmbedding::take_part() {
  if (parts_.empty()) return std::nullopt;
  Part part = std::move(parts_.front());
  parts_.pop_front();
  return part;
}

std::optional<BulkEmbedding::Pause> BulkEmbedding::pause(Instant now) const {
  if (!pausing_for_ || failure_ || waiting_.empty() || now >= not_before_) return std::nullopt;
  return Pause{&*pausing_for_, not_before_};
}

}  // namespace weir::relay
