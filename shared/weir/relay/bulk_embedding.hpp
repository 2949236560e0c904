#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/backoff.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/random.hpp"
#include "weir/provider/embeddings.hpp"
#include "weir/relay/embedding_call.hpp"
#include "weir/relay/relay.hpp"
#include "weir/retrieval/embeddings.hpp"

namespace weir::relay {

/// What is to be embedded, and by whom.
struct BulkJob {
  provider::Provider provider;
  std::string model;
  std::uint32_t dimensions = 0;  ///< 0: not known yet
  bool shortened = false;        ///< they are asked for
  std::vector<std::string> texts;
};

struct BulkConfig {
  limits::BulkEmbedding bulk;
  limits::Provider provider;
  const provider::Digests* digests = nullptr;
  std::int64_t (*unix_seconds)() = nullptr;  ///< with `digests`
  std::uint64_t seed = 0;                    ///< of the pauses' jitter
};

/// Embeds texts without an answer or a client that waits for each: divides them into calls, makes a
/// few of them at a time, and goes on through whatever passes: a call that failed so is made again,
/// and while a provider wants a pause none is made. Where it gives up, it still takes what the
/// calls on their way bring, for that is paid for.
///
/// Takes ProviderSent, ProviderHead, ProviderBytes, ProviderEnded, ProviderFailed and Tick; asks
/// for OpenProvider and CloseProvider. Its runs are counted from 1, by itself.
class BulkEmbedding {
 public:
  /// The directions of texts that stand one behind the other.
  struct Part {
    std::size_t first = 0;
    std::vector<retrieval::EmbeddingDirection> directions;
  };

  /// What is asked for was checked (provider::check_embedding).
  BulkEmbedding(BulkJob job, const BulkConfig& config, Instant now);
  BulkEmbedding(const BulkEmbedding&) = delete;
  BulkEmbedding& operator=(const BulkEmbedding&) = delete;

  void handle(const Input& input, Instant now);
  std::optional<Action> poll();
  std::optional<Instant> deadline() const;

  /// What has come since; each once, in any order.
  std::optional<Part> take_part();
  /// Nothing more comes.
  bool ended() const { return calls_.empty() && (failure_ || waiting_.empty()); }
  /// Why something is missing.
  const std::optional<stream::Failed>& failure() const { return failure_; }
  /// What it pauses for, and until when; nothing where it does not.
  struct Pause {
    const stream::Failed* why;
    Instant until;
  };
  std::optional<Pause> pause(Instant now) const;

  /// As told, or as the first vector has it.
  std::uint32_t dimensions() const { return job_.dimensions; }

  /// Into how many calls texts of these sizes are divided.
  static std::size_t count_calls(const std::vector<std::size_t>& text_bytes, std::size_t batch,
                                 const limits::BulkEmbedding& limits);

 private:
  struct Batch {
    std::size_t first = 0;
    std::size_t count = 0;
    std::uint32_t retries = 0;
  };
  struct Running {
    Batch batch;
    EmbeddingCall call;
  };

  void call_more(Instant now);
  void begin(const Batch& batch, Instant now);
  void take(const Batch& batch, const provider::Embeddings& embeddings);
  void take_failure(Batch batch, const stream::Failed& failed, Instant now);
  void give_up(stream::Failed failed);
  stream::Failed wrong_vectors(std::string what) const;
  stream::Failed too_late() const;

  BulkJob job_;
  const BulkConfig config_;
  provider::Attempt attempt_;
  std::deque<Batch> waiting_;
  std::list<Running> calls_;
  std::deque<Part> parts_;
  std::deque<Action> actions_;
  RunId last_run_ = 0;
  Backoff backoff_;
  Random random_;
  Instant not_before_;            ///< no call begins sooner
  std::optional<Instant> until_;  ///< all of it
  std::optional<stream::Failed> pausing_for_, failure_;
};

}  // namespace weir::relay
