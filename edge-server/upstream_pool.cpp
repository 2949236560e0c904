#include "upstream_pool.hpp"

#include <utility>

#include "clock.hpp"

namespace weir::edge {
namespace {

/// So many URLs are remembered: an edge asks a few of them over and over.
constexpr std::size_t addresses_most = 256;

}  // namespace

UpstreamPool::UpstreamPool(asio::any_io_executor executor, Proxies proxies,
                           const limits::Provider& provider, const limits::Upstream& limits)
    : executor_(std::move(executor)),
      proxies_(std::move(proxies)),
      provider_(provider),
      limits_(limits),
      tls_(limits.tls_sessions_per_origin),
      timer_(executor_) {}

const Address* UpstreamPool::address(const std::string& url) {
  auto found = addresses_.find(url);
  if (found == addresses_.end()) {
    if (addresses_.size() >= addresses_most) addresses_.clear();
    found = addresses_.emplace(url, Address::parse(url)).first;
  }
  return found->second ? &*found->second : nullptr;
}

/// The one used last: its other side is the least likely to close it now.
std::shared_ptr<Channel> UpstreamPool::take(const Origin& origin) {
  const auto found = idle_.find(origin);
  if (found == idle_.end()) return nullptr;
  while (!found->second.empty()) {
    const Idle last = std::move(found->second.back());
    found->second.pop_back();
    if (last.until <= now() || !last.channel->quiet()) {
      last.channel->close();
      continue;
    }
    ++figures_.reused;
    return last.channel;
  }
  return nullptr;
}

std::shared_ptr<Channel> UpstreamPool::make(const Origin& origin) {
  std::size_t& open = open_[origin];
  if (open >= limits_.connections_per_origin) return nullptr;
  ++open;
  ++figures_.opened;
  auto channel = std::make_shared<Channel>(executor_, tls_, origin, proxy(origin));
  channel->restrict(rule_);
  channel->on_close([this, origin, alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    --open_[origin];
    note_free(origin);
  });
  return channel;
}

Task<> UpstreamPool::wait(const Origin& origin, Instant deadline) {
  auto timer = std::make_shared<asio::steady_timer>(executor_, to_steady(deadline));
  waiting_[origin].push_back(timer);
  co_await timer->async_wait(no_throw);
  std::erase(waiting_[origin], timer);
}

void UpstreamPool::note_free(const Origin& origin) {
  const auto found = waiting_.find(origin);
  if (found == waiting_.end() || found->second.empty()) return;
  found->second.front()->cancel();
  found->second.pop_front();
}

void UpstreamPool::keep(std::shared_ptr<Channel> channel, Duration idle) {
  std::vector<Idle>& kept = idle_[channel->origin()];
  if (closed_ || channel->closed() || idle <= Duration::zero() ||
      kept.size() >= limits_.idle_per_origin) {
    return channel->close();
  }
  channel->set_user(nullptr);
  const Origin& origin = channel->origin();
  kept.push_back({channel, now() + idle});
  note_free(origin);
  sweep();
}

/// Closes what has been idle for too long, now and then.
void UpstreamPool::sweep() {
  if (std::exchange(sweeping_, true)) return;
  timer_.expires_after(limits_.idle);
  timer_.async_wait([this](error_code error) {
    if (error) return;
    sweeping_ = false;
    for (auto at = idle_.begin(); at != idle_.end();) {
      std::erase_if(at->second, [](const Idle& idle) {
        const bool over = idle.channel->closed() || idle.until <= now();
        if (over) idle.channel->close();
        return over;
      });
      at = at->second.empty() ? idle_.erase(at) : std::next(at);
    }
    if (!idle_.empty()) sweep();
  });
}

void UpstreamPool::close() {
  closed_ = true;
  timer_.cancel();
  for (const auto& [origin, timers] : waiting_) {
    for (const auto& timer : timers) timer->cancel();
  }
  for (auto& [origin, kept] : idle_) {
    for (const Idle& idle : kept) idle.channel->close();
  }
  idle_.clear();
}

UpstreamFigures UpstreamPool::figures() const {
  UpstreamFigures figures = figures_;
  for (const auto& [origin, kept] : idle_) figures.idle += kept.size();
  for (const auto& [origin, count] : open_) figures.open += count;
  for (const auto& [origin, waiting] : waiting_) figures.waiting += waiting.size();
  return figures;
}

}  // namespace weir::edge
