#include "embedding_face.hpp"

#include <memory>
#include <utility>
#include <variant>

#include "clock.hpp"
#include "http_exchange.hpp"
#include "log.hpp"
#include "upstream.hpp"
#include "weir/relay/embedding_session.hpp"

namespace weir::edge {
namespace {

/// Carries out what an EmbeddingSession asks for, and is to HttpExchange what a session is.
class EmbeddingCalls {
 public:
  EmbeddingCalls(Services& services, Follower& follower, relay::Client client,
                 std::string_view body)
      : pool_(services.driver.pool()),
        follower_(follower),
        session_(services.driver.relay(), body, now(), std::move(client)) {
    carry_out();
  }
  ~EmbeddingCalls() { let_go(); }
  EmbeddingCalls(const EmbeddingCalls&) = delete;
  EmbeddingCalls& operator=(const EmbeddingCalls&) = delete;

  relay::ReaderId reader() const { return 0; }

  std::optional<relay::HttpHead> head(Instant at) {
    session_.handle(relay::Tick{}, at);
    carry_out();
    return session_.head();
  }

  bool append_chunk(std::string&, Instant) { return false; }
  bool finished() const { return true; }
  std::optional<Instant> deadline() const { return session_.deadline(); }
  void close(Instant) { let_go(); }

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

  /// Serving the client may be the end of this.
  void take(const relay::Input& input) {
    if (const auto* failed = std::get_if<relay::ProviderFailed>(&input)) {
      log("embeddings: the provider was not reached: " + failed->message);
    }
    const auto client = follower_.shared_from_this();
    session_.handle(input, now());
    carry_out();
    client->write();
  }

  void let_go() {
    if (const auto upstream = std::exchange(upstream_, nullptr)) upstream->close();
  }

  UpstreamPool& pool_;
  Follower& follower_;
  relay::EmbeddingSession session_;
  std::shared_ptr<Upstream> upstream_;
};

}  // namespace

std::shared_ptr<Activity> serve_embeddings(Services& services, Follower& follower,
                                           relay::Client client, const Request& request,
                                           bool keep_alive) {
  return std::make_shared<HttpExchange<EmbeddingCalls>>(
      services, follower, ResponseContext::of(request, keep_alive),
      std::make_unique<EmbeddingCalls>(services, follower, std::move(client), request.body()),
      false);
}

}  // namespace weir::edge
