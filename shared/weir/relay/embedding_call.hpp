#pragma once

#include <optional>
#include <string>
#include <variant>

#include "weir/base/limits.hpp"
#include "weir/provider/embeddings.hpp"
#include "weir/relay/answer.hpp"
#include "weir/relay/relay.hpp"

namespace weir::relay {

/// One call for embeddings: its request, its response as it comes in, and how long each part of
/// that may take. Whoever makes it has sent what request() gives.
class EmbeddingCall {
 public:
  using Outcome = std::variant<provider::Embeddings, stream::Failed>;

  /// Provider and limits must outlive it. What is asked for was checked, and is no more than a
  /// batch.
  EmbeddingCall(const provider::Provider& provider, std::string model,
                provider::EmbeddingRequest batch, const provider::Attempt& attempt,
                const limits::Provider& limits, RunId run, Instant now);

  provider::HttpRequest request() const;

  /// What concerns this run, and time: the outcome, once.
  std::optional<Outcome> handle(const Input& input, Instant now);
  Instant deadline() const { return wait_.until; }

  RunId run() const { return run_; }
  /// The provider's connection is still at it: with an outcome, it has to be closed.
  bool connected() const { return connected_; }
  const provider::EmbeddingRequest& batch() const { return batch_; }

 private:
  Outcome response(bool clean);

  const provider::Provider& provider_;
  const std::string model_;
  const provider::EmbeddingRequest batch_;
  const provider::Attempt attempt_;
  const limits::Provider& limits_;
  const RunId run_;
  provider::HttpResponse response_;
  bool connected_ = true;
  Wait wait_;
};

}  // namespace weir::relay
