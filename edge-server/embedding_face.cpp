#include "embedding_face.hpp"

#include <memory>
#include <utility>

#include "embedding_calls.hpp"
#include "http_exchange.hpp"

namespace weir::edge {
namespace {

/// Is to HttpExchange what a session is.
class EmbeddingExchange {
 public:
  EmbeddingExchange(Services& services, Follower& follower, relay::Client client,
                    std::string_view body)
      : follower_(follower),
        calls_(services.driver.pool(), services.driver.relay(), body, std::move(client), [this] {
          // Serving the client may be the end of this.
          const auto served = follower_.shared_from_this();
          served->write();
        }) {}

  relay::ReaderId reader() const { return 0; }

  std::optional<relay::HttpHead> head(Instant at) {
    calls_.tick(at);
    return calls_.session().head();
  }

  bool append_chunk(std::string&, Instant) { return false; }
  bool finished() const { return true; }
  std::optional<Instant> deadline() { return calls_.session().deadline(); }
  void close(Instant) { calls_.let_go(); }

 private:
  Follower& follower_;
  EmbeddingCalls calls_;
};

}  // namespace

std::shared_ptr<Activity> serve_embeddings(Services& services, Follower& follower,
                                           relay::Client client, const Request& request,
                                           bool keep_alive) {
  return std::make_shared<HttpExchange<EmbeddingExchange>>(
      services, follower, ResponseContext::of(request, keep_alive),
      std::make_unique<EmbeddingExchange>(services, follower, std::move(client), request.body()),
      false);
}

}  // namespace weir::edge
