#pragma once

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <unordered_map>
#include <vector>

#include "follower.hpp"
#include "lazy_timer.hpp"
#include "net.hpp"
#include "packs.hpp"
#include "question_embedding.hpp"
#include "upstream.hpp"
#include "upstream_pool.hpp"
#include "weir/relay/relay.hpp"

namespace weir::edge {

/// Gives the relay what it asks for: time, provider connections, retrieval, and the waking of its
/// readers. Lives on the event loop's thread; only retrieval runs on the workers.
class RelayDriver {
 public:
  RelayDriver(asio::io_context& loop, asio::thread_pool& workers,
              std::shared_ptr<const Packs> packs, relay::Config config, Proxies proxies,
              const limits::Upstream& upstream);
  RelayDriver(const RelayDriver&) = delete;
  RelayDriver& operator=(const RelayDriver&) = delete;

  relay::Relay& relay() { return relay_; }
  UpstreamPool& pool() { return pool_; }
  UpstreamFigures pool_figures() const { return pool_.figures(); }

  /// What is searched from now on.
  void set_packs(std::shared_ptr<const Packs> packs) { packs_ = std::move(packs); }
  /// Which packs are searched only for clients that may have them, from now on.
  void set_private_packs(PackRights::Names names) { private_packs_ = std::move(names); }
  /// What begins from now on goes by this.
  void reconfigure(relay::Config config, const limits::Upstream& upstream);

  /// Carries out what the relay wants done, and has its woken readers served: to be called after
  /// every use of it or of a session.
  void settle();

  /// The follower must be owned by a shared_ptr, and forget() its readers before it goes.
  void follow(relay::ReaderId reader, Follower& follower);
  void forget(relay::ReaderId reader);

  /// Closes every provider connection: the edge is going.
  void stop();

 private:
  void feed(relay::Input input);
  void carry_out(relay::Retrieve& action);
  void search(relay::RunId run, prompt::ChatRequest request, QuestionEmbedding::Queries queries,
              PackRights rights);
  void carry_out(relay::OpenProvider& action);
  void carry_out(const relay::CloseProvider& action);
  void carry_out(const relay::ReleaseProvider& action);
  void carry_out(const relay::PauseProvider& action);
  void carry_out(const relay::WakeReader& action);
  void take_report(relay::RunId run, relay::Input input);
  void arm_timer();

  asio::io_context& loop_;
  asio::thread_pool& workers_;
  std::shared_ptr<const Packs> packs_;
  PackRights::Names private_packs_;
  relay::Relay relay_;
  UpstreamPool pool_;
  LazyTimer timer_;
  std::unordered_map<relay::RunId, std::shared_ptr<Upstream>> upstreams_;
  std::unordered_map<relay::RunId, std::shared_ptr<QuestionEmbedding>> embeddings_;
  std::unordered_map<relay::ReaderId, Follower*> followers_;
  std::vector<std::shared_ptr<Follower>> woken_;  ///< to be served, each once
  bool settling_ = false;
  bool stopped_ = false;
};

}  // namespace weir::edge
