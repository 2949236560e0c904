#include "embedder.hpp"

#include <boost/asio/post.hpp>
#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <utility>

#include "clock.hpp"
#include "digests.hpp"
#include "environment.hpp"
#include "net.hpp"
#include "proxies.hpp"
#include "upstream.hpp"
#include "upstream_pool.hpp"

namespace weir::cli {
namespace {

using edge::now;
namespace asio = edge::asio;

relay::BulkConfig config_of(const limits::BulkEmbedding& limits) {
  relay::BulkConfig config;
  config.bulk = limits;
  config.digests = &edge::digests();
  config.unix_seconds = [] { return static_cast<std::int64_t>(std::time(nullptr)); };
  config.seed = std::random_device()();
  return config;
}

/// Carries out what a BulkEmbedding asks for.
class Calls {
 public:
  Calls(relay::BulkJob job, const limits::BulkEmbedding& limits, edge::Proxies proxies,
        const EmbeddingListener& listener)
      : listener_(listener),
        bulk_(std::move(job), config_of(limits), now()),
        pool_(loop_.get_executor(), std::move(proxies), limits::Provider(), limits::Upstream()),
        timer_(loop_.get_executor()) {}

  Result<void> run() {
    asio::post(loop_, [this] { settle(); });
    loop_.run();
    if (refused_) return *refused_;
    if (bulk_.failure()) return bulk_.failure()->error;
    return {};
  }

 private:
  void feed(const relay::Input& input) {
    if (over_) return;
    bulk_.handle(input, now());
    settle();
  }

  void settle() {
    while (std::optional<relay::Action> action = bulk_.poll()) {
      if (const auto* open = std::get_if<relay::OpenProvider>(&*action)) {
        start(*open);
      } else if (const auto* close = std::get_if<relay::CloseProvider>(&*action)) {
        stop(close->run);
      }
    }
    while (auto part = refused_ ? std::nullopt : bulk_.take_part()) {
      if (auto taken = listener_.part(*std::move(part)); !taken) refused_ = taken.error();
    }
    if (refused_ || bulk_.ended()) return end();
    if (const auto pause = bulk_.pause(now()); pause && pause->until != told_) {
      told_ = pause->until;
      listener_.pause(*pause->why, pause->until - now());
    }
    arm();
  }

  void start(const relay::OpenProvider& action) {
    const relay::RunId run = action.run;
    auto upstream = std::make_shared<edge::Upstream>(pool_, run, [this, run](relay::Input input) {
      const bool is_over = std::holds_alternative<relay::ProviderEnded>(input) ||
                           std::holds_alternative<relay::ProviderFailed>(input);
      if (is_over) upstreams_.erase(run);
      feed(input);
    });
    upstreams_[run] = upstream;
    if (upstream->start(action.request)) bulk_.handle(relay::ProviderSent{run}, now());
  }

  void stop(relay::RunId run) {
    const auto found = upstreams_.find(run);
    if (found == upstreams_.end()) return;
    found->second->close();
    upstreams_.erase(found);
  }

  void arm() {
    const auto deadline = bulk_.deadline();
    if (!deadline) return;
    timer_.expires_at(edge::to_steady(*deadline));
    timer_.async_wait([this](edge::error_code error) {
      if (!error) feed(relay::Tick{});
    });
  }

  void end() {
    over_ = true;
    timer_.cancel();
    for (auto& [run, upstream] : upstreams_) upstream->close();
    upstreams_.clear();
    pool_.close();
    loop_.stop();
  }

  const EmbeddingListener& listener_;
  asio::io_context loop_{1};
  relay::BulkEmbedding bulk_;
  edge::UpstreamPool pool_;
  asio::steady_timer timer_;
  std::map<relay::RunId, std::shared_ptr<edge::Upstream>> upstreams_;
  std::optional<Error> refused_;
  Instant told_;
  bool over_ = false;
};

}  // namespace

Result<void> embed(relay::BulkJob job, const limits::BulkEmbedding& limits,
                   const EmbeddingListener& listener) {
  auto proxies = edge::Proxies::from_environment(edge::environment_variable);
  if (!proxies) return proxies.error();
  return Calls(std::move(job), limits, *std::move(proxies), listener).run();
}

}  // namespace weir::cli
