#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "clock.hpp"
#include "log.hpp"
#include "upstream.hpp"
#include "weir/relay/embedding_session.hpp"

namespace weir::edge {

/// Carries out what an EmbeddingSession asks for. `changed` is called after the provider has been
/// heard of, and may be the end of this.
class EmbeddingCalls {
 public:
  /// `request` as the session takes it. Pool and relay outlive this.
  template <class Request>
  EmbeddingCalls(UpstreamPool& pool, relay::Relay& relay, Request&& request, relay::Client client,
                 std::function<void()> changed)
      : pool_(pool),
        changed_(std::move(changed)),
        session_(relay, std::forward<Request>(request), now(), std::move(client)) {
    carry_out();
  }
  ~EmbeddingCalls() { let_go(); }
  EmbeddingCalls(const EmbeddingCalls&) = delete;
  EmbeddingCalls& operator=(const EmbeddingCalls&) = delete;

  relay::EmbeddingSession& session() { return session_; }

  /// Only time has passed.
  void tick(Instant at) {
    session_.handle(relay::Tick{}, at);
    carry_out();
  }

  void let_go() {
    if (const auto upstream = std::exchange(upstream_, nullptr)) upstream->close();
  }

 private:
  void carry_out() {
    while (std::optional<relay::Action> action = session_.poll()) {
      if (auto* open = std::get_if<relay::OpenProvider>(&*action)) {
        call(*open);
      } else if (std::holds_alternative<relay::CloseProvider>(*action)) {
        let_go();
      }
    }
  }

  void call(const relay::OpenProvider& action) {
    upstream_ =
        std::make_shared<Upstream>(pool_, action.run, [this](relay::Input input) { take(input); });
    if (upstream_->start(action.request)) {
      session_.handle(relay::ProviderSent{action.run}, now());
    }
  }

  void take(const relay::Input& input) {
    if (const auto* failed = std::get_if<relay::ProviderFailed>(&input)) {
      log("embeddings: the provider was not reached: " + failed->message);
    }
    session_.handle(input, now());
    carry_out();
    changed_();
  }

  UpstreamPool& pool_;
  const std::function<void()> changed_;
  relay::EmbeddingSession session_;
  std::shared_ptr<Upstream> upstream_;
};

}  // namespace weir::edge
