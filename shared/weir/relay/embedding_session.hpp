#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/backoff.hpp"
#include "weir/base/random.hpp"
#include "weir/provider/embeddings.hpp"
#include "weir/relay/answer.hpp"
#include "weir/relay/embedding_call.hpp"
#include "weir/relay/http_head.hpp"
#include "weir/relay/relay.hpp"
#include "weir/wire/embedding.hpp"

namespace weir::relay {

/// One request of a client of OpenAI's embeddings: a machine of its own, since nothing of it is a
/// stream, and nobody reads it but its client. What has many texts is asked for batch after batch.
/// A call that fails is treated as an answer's is (remedy.hpp), but that no other provider stands
/// in: its vectors would be of another space.
///
/// Takes ProviderSent, ProviderHead, ProviderBytes, ProviderEnded, ProviderFailed and Tick; asks
/// for OpenProvider and CloseProvider. Its runs are counted from 1, by itself.
class EmbeddingSession {
 public:
  /// The relay outlives this.
  EmbeddingSession(Relay& relay, std::string_view body, Instant now, Client client = {});
  /// Of the host's own, on behalf of a client.
  EmbeddingSession(Relay& relay, wire::EmbeddingRequest asked, Instant now, Client client);
  ~EmbeddingSession();
  EmbeddingSession(const EmbeddingSession&) = delete;
  EmbeddingSession& operator=(const EmbeddingSession&) = delete;

  void handle(const Input& input, Instant now);
  std::optional<Action> poll();
  std::optional<Instant> deadline() const;

  /// The whole response, once, as soon as it is known.
  std::optional<HttpHead> head();
  /// What it is made of, before that: as many as were asked for, or nothing, where it failed.
  bool ended() const { return state_ == State::ended; }
  const std::vector<std::vector<float>>& vectors() const { return vectors_; }

 private:
  enum class State : std::uint8_t { calling, pausing, ended };

  EmbeddingSession(Relay& relay, Result<wire::EmbeddingRequest> asked, Instant now, Client client);
  Result<void> begin(Result<wire::EmbeddingRequest>&& asked);
  std::uint64_t count_tokens() const;
  void call(Instant now);
  void take(EmbeddingCall::Outcome&& outcome, Instant now);
  void take(provider::Embeddings&& embeddings, Instant now);
  void fail_call(const stream::Failed& failed, Instant now);
  void fail(const stream::Failed& failed);
  void let_go();
  provider::EmbeddingRequest batch() const;

  Relay& relay_;
  const Config& config_;
  const Client client_;
  bool entered_ = false;
  wire::EmbeddingRequest asked_;
  std::optional<provider::Provider> provider_;  ///< a copy: the catalog may be replaced meanwhile
  provider::EmbeddingRequest request_;
  std::vector<std::vector<float>> vectors_;  ///< so far
  std::uint32_t prompt_tokens_ = 0;

  State state_ = State::ended;
  RunId run_ = 0;
  CallClock clock_;
  std::optional<EmbeddingCall> call_;
  provider::Attempt attempt_;
  std::uint32_t retries_ = 0;  ///< of this batch
  Backoff backoff_;
  Random random_;
  Instant next_call_;  ///< while it pauses
  Instant until_;      ///< no further try begins later
  std::deque<Action> actions_;
  std::optional<HttpHead> head_;
};

}  // namespace weir::relay
