#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "embedding_calls.hpp"
#include "net.hpp"
#include "weir/retrieval/search.hpp"

namespace weir::edge {

/// Has what an ask is searched for embedded, on behalf of its client and counted as such. That
/// takes no longer than it may: whatever goes wrong, the search goes on without.
class QuestionEmbedding : public std::enable_shared_from_this<QuestionEmbedding> {
 public:
  using Queries = std::vector<retrieval::Query>;
  /// Called once, on the event loop, not from within begin(). This may go after that call, not
  /// during it.
  using Done = std::function<void(Queries)>;

  QuestionEmbedding(retrieval::EmbeddingSpace space, Queries queries, Done done);

  /// Pool and relay outlive this.
  void begin(UpstreamPool& pool, relay::Relay& relay, relay::Client client, Duration most);

 private:
  void look();
  void wait();
  void end();

  const retrieval::EmbeddingSpace space_;
  Queries queries_;
  Done done_;  ///< null once it was called
  std::optional<EmbeddingCalls> calls_;
  std::optional<asio::steady_timer> timer_;
  Instant until_;
};

}  // namespace weir::edge
