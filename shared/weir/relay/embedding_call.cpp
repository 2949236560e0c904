#include "weir/relay/embedding_call.hpp"

#include <utility>

#include "weir/relay/failures.hpp"

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

/// The host has the first two limits in its own hands, and names the one that was passed.
EmbeddingCall::EmbeddingCall(const provider::Provider& provider, std::string model,
                             provider::EmbeddingRequest batch, const provider::Attempt& attempt,
                             const limits::Provider& limits, RunId run, Instant now)
    : provider_(provider),
      model_(std::move(model)),
      batch_(std::move(batch)),
      attempt_(attempt),
      limits_(limits),
      run_(run),
      wait_{Wait::For::connection, now + limits.connect + limits.tls + host_delay_most} {}

provider::HttpRequest EmbeddingCall::request() const {
  return provider::embedding_request(provider_, model_, batch_, attempt_);
}

std::optional<EmbeddingCall::Outcome> EmbeddingCall::handle(const Input& input, Instant now) {
  if (const auto* sent = std::get_if<ProviderSent>(&input)) {
    if (sent->run == run_) wait_ = {Wait::For::response, now + limits_.first_byte};
  } else if (const auto* head = std::get_if<ProviderHead>(&input)) {
    if (head->run != run_) return std::nullopt;
    response_.status = head->status;
    response_.headers = head->headers;
    wait_ = {Wait::For::first_byte, now + limits_.first_byte};
  } else if (const auto* bytes = std::get_if<ProviderBytes>(&input)) {
    if (bytes->run != run_) return std::nullopt;
    response_.body += bytes->bytes;
    wait_ = {Wait::For::next_bytes, now + limits_.between_bytes};
    if (response_.body.size() > limits_.embeddings_bytes) {
      return broke_off(provider_.name, "is larger than is read");
    }
  } else if (const auto* ended = std::get_if<ProviderEnded>(&input)) {
    if (ended->run == run_) return response(ended->clean);
  } else if (const auto* failed = std::get_if<ProviderFailed>(&input)) {
    if (failed->run != run_) return std::nullopt;
    connected_ = false;
    return failed->timed_out ? not_connected(provider_, failed->message)
                             : unreachable(provider_, failed->message);
  } else if (now >= wait_.until) {
    return wait_over(wait_.what, provider_.name, limits_);
  }
  return std::nullopt;
}

EmbeddingCall::Outcome EmbeddingCall::response(bool clean) {
  connected_ = false;
  if (!clean || response_.status == 0) {
    return broke_off(provider_.name, "broke off before it was whole");
  }
  return provider::read_embeddings(provider_, model_, batch_, attempt_, response_);
}

}  // namespace weir::relay
