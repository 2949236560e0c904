#include "relay_driver.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "clock.hpp"
#include "log.hpp"

namespace weir::edge {

RelayDriver::RelayDriver(asio::io_context& loop, asio::thread_pool& workers,
                         std::shared_ptr<const Packs> packs, relay::Config config, Proxies proxies,
                         const limits::Upstream& upstream)
    : loop_(loop),
      workers_(workers),
      packs_(std::move(packs)),
      relay_(config),
      pool_(loop.get_executor(), std::move(proxies), config.provider, upstream),
      timer_(loop.get_executor()) {}

void RelayDriver::reconfigure(relay::Config config, const limits::Upstream& upstream) {
  pool_.set_limits(config.provider, upstream);
  feed(relay::Reconfigure{std::make_shared<const relay::Config>(std::move(config))});
}

void RelayDriver::feed(relay::Input input) {
  if (stopped_) return;
  relay_.handle(std::move(input), now());
  settle();
}

/// Serving a reader can give the relay more to do, which is then done in the same turn.
void RelayDriver::settle() {
  if (stopped_ || settling_) return;
  settling_ = true;
  for (bool more = true; more;) {
    while (std::optional<relay::Action> action = relay_.poll()) {
      std::visit([this](auto& each) { carry_out(each); }, *action);
    }
    more = !woken_.empty();
    for (const auto& follower : std::exchange(woken_, {})) follower->write();
  }
  settling_ = false;
  arm_timer();
}

void RelayDriver::follow(relay::ReaderId reader, Follower& follower) {
  followers_[reader] = &follower;
}

void RelayDriver::forget(relay::ReaderId reader) {
  followers_.erase(reader);
}

void RelayDriver::stop() {
  stopped_ = true;
  timer_.cancel();
  for (auto& [run, upstream] : upstreams_) upstream->close();
  upstreams_.clear();
  embeddings_.clear();
  pool_.close();
}

void RelayDriver::carry_out(relay::Retrieve& action) {
  PackRights rights(private_packs_, action.client.rights);
  auto queries = prompt::queries_for(action.request);
  const retrieval::EmbeddingSpace* const space = packs_->embeddings(action.request, rights);
  const Duration most = relay_.config().provider.question_embedding;
  if (!space || most <= Duration::zero()) {
    return search(action.run, std::move(action.request), std::move(queries), std::move(rights));
  }
  const auto embedding = std::make_shared<QuestionEmbedding>(
      *space, std::move(queries),
      [this, run = action.run, request = std::move(action.request),
       rights = std::move(rights)](QuestionEmbedding::Queries embedded) mutable {
        asio::post(loop_, [this, run] { embeddings_.erase(run); });
        search(run, std::move(request), std::move(embedded), std::move(rights));
      });
  embeddings_[action.run] = embedding;
  embedding->begin(pool_, relay_, std::move(action.client), most);
}

void RelayDriver::search(relay::RunId run, prompt::ChatRequest request,
                         QuestionEmbedding::Queries queries, PackRights rights) {
  asio::post(workers_, [this, run, packs = packs_, request = std::move(request),
                        queries = std::move(queries), rights = std::move(rights)] {
    Result<std::optional<prompt::Context>> found = packs->retrieve(request, queries, rights);
    asio::post(loop_, [this, run, found = std::move(found)]() mutable {
      feed(found ? relay::Retrieved{run, *std::move(found)}
                 : relay::Retrieved{run, std::nullopt, found.error()});
    });
  });
}

void RelayDriver::carry_out(relay::OpenProvider& action) {
  const relay::RunId run = action.run;
  auto upstream = std::make_shared<Upstream>(
      pool_, run, [this, run](relay::Input input) { take_report(run, std::move(input)); });
  upstreams_[run] = upstream;
  if (upstream->start(action.request)) relay_.handle(relay::ProviderSent{run}, now());
}

void RelayDriver::carry_out(const relay::CloseProvider& action) {
  const auto found = upstreams_.find(action.run);
  if (found == upstreams_.end()) return;
  found->second->close();
  upstreams_.erase(found);
}

void RelayDriver::carry_out(const relay::ReleaseProvider& action) {
  const auto found = upstreams_.find(action.run);
  if (found == upstreams_.end()) return;
  found->second->release();
  upstreams_.erase(found);
}

void RelayDriver::carry_out(const relay::PauseProvider& action) {
  const auto found = upstreams_.find(action.run);
  if (found != upstreams_.end()) found->second->pause(action.paused);
}

void RelayDriver::carry_out(const relay::WakeReader& action) {
  const auto found = followers_.find(action.reader);
  if (found == followers_.end()) return;
  found->second->wake(action.reader);
  if (woken_.empty() || woken_.back().get() != found->second) {
    woken_.push_back(found->second->shared_from_this());
  }
}

void RelayDriver::take_report(relay::RunId run, relay::Input input) {
  if (const auto* failed = std::get_if<relay::ProviderFailed>(&input)) {
    log("run " + std::to_string(run) + ": the provider was not reached: " + failed->message);
    upstreams_.erase(run);
  } else if (std::holds_alternative<relay::ProviderEnded>(input)) {
    upstreams_.erase(run);
  }
  feed(std::move(input));
}

void RelayDriver::arm_timer() {
  const std::optional<Instant> deadline = relay_.deadline();
  if (deadline) timer_.arm(*deadline, nullptr, [this] { feed(relay::Tick{}); });
}

}  // namespace weir::edge
