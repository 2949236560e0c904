#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "channel.hpp"
#include "proxies.hpp"
#include "upstream_figures.hpp"
#include "weir/base/limits.hpp"

namespace weir::edge {

/// Connections to providers between requests, by origin. A connection that is used again is one
/// whose other side has said nothing since: no request goes out over one that is known to be gone.
class UpstreamPool {
 public:
  UpstreamPool(asio::any_io_executor executor, Proxies proxies, const limits::Provider& provider,
               const limits::Upstream& limits);

  /// For all connections that are made from now on.
  void restrict(Channel::AddressRule rule) { rule_ = std::move(rule); }

  /// From now on.
  void set_limits(const limits::Provider& provider, const limits::Upstream& limits) {
    provider_ = provider;
    limits_ = limits;
    tls_.sessions.set_most(limits.tls_sessions_per_origin);
  }

  /// Null where the URL is none of http or https. Good until the next call.
  const Address* address(const std::string& url);
  /// What stands before an origin; null: nothing.
  const Proxy* proxy(const Origin& origin) const { return proxies_.find(origin); }
  /// A kept connection; null where there is none.
  std::shared_ptr<Channel> take(const Origin& origin);
  /// A new one, not yet connected; null where no more may be open to this origin: see wait().
  std::shared_ptr<Channel> make(const Origin& origin);
  /// Until one may have become free, or the deadline has come. Who waits longest is woken first.
  Task<> wait(const Origin& origin, Instant deadline);
  /// A connection's handshake is over.
  void note_connected(const Channel& channel) {
    if (channel.resumed()) ++figures_.resumed;
  }
  /// Keeps a connection whose response has ended in order for at most `idle`.
  void keep(std::shared_ptr<Channel> channel, Duration idle);
  /// Keeps nothing any more.
  void close();

  const asio::any_io_executor& executor() const { return executor_; }
  const limits::Provider& provider_limits() const { return provider_; }
  const limits::Upstream& limits() const { return limits_; }
  UpstreamFigures figures() const;

 private:
  struct Idle {
    std::shared_ptr<Channel> channel;
    Instant until;
  };

  void sweep();
  void note_free(const Origin& origin);

  asio::any_io_executor executor_;
  Proxies proxies_;
  Channel::AddressRule rule_;
  limits::Provider provider_;
  limits::Upstream limits_;
  Channel::Tls tls_;
  std::map<Origin, std::size_t> open_;  ///< connections, kept ones among them
  std::map<Origin, std::deque<std::shared_ptr<asio::steady_timer>>> waiting_;
  /// Connections may outlive the pool, where the edge goes down.
  std::shared_ptr<char> alive_ = std::make_shared<char>();
  std::unordered_map<std::string, std::optional<Address>> addresses_;  ///< by URL
  std::map<Origin, std::vector<Idle>> idle_;  ///< the one used last at the back
  asio::steady_timer timer_;
  bool sweeping_ = false;
  bool closed_ = false;
  UpstreamFigures figures_;
};

}  // namespace weir::edge
