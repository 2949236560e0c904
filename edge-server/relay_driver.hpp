#pragma once

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <unordered_map>

#include "net.hpp"
#include "packs.hpp"
#include "upstream.hpp"
#include "weir/relay/relay.hpp"

namespace weir::edge {

/// Is told when one of its readers has something to read. The call must only take note: it comes
/// while the relay's actions are being carried out.
class Follower {
 public:
  virtual ~Follower() = default;
  virtual void wake(relay::ReaderId reader) = 0;
};

/// Gives the relay what it asks for: time, provider connections, retrieval, and the waking of its
/// readers. Lives on the event loop's thread; only retrieval runs on the workers.
class RelayDriver {
 public:
  RelayDriver(asio::io_context& loop, asio::thread_pool& workers, const Packs& packs,
              relay::Config config);
  RelayDriver(const RelayDriver&) = delete;
  RelayDriver& operator=(const RelayDriver&) = delete;

  relay::Relay& relay() { return relay_; }

  /// Carries out what the relay wants done: to be called after every use of it or of a session.
  void settle();

  void follow(relay::ReaderId reader, Follower& follower);
  void forget(relay::ReaderId reader);

  /// Closes every provider connection: the edge is going.
  void stop();

 private:
  void feed(relay::Input input);
  void carry_out(relay::Retrieve& action);
  void carry_out(relay::OpenProvider& action);
  void carry_out(const relay::CloseProvider& action);
  void carry_out(const relay::WakeReader& action);
  void take_report(relay::RunId run, relay::Input input);
  void arm_timer();

  asio::io_context& loop_;
  asio::thread_pool& workers_;
  const Packs& packs_;
  Duration connect_limit_;
  asio::ssl::context tls_;
  relay::Relay relay_;
  asio::steady_timer timer_;
  std::optional<Instant> armed_for_;
  std::unordered_map<relay::RunId, std::shared_ptr<Upstream>> upstreams_;
  std::unordered_map<relay::ReaderId, Follower*> followers_;
  bool stopped_ = false;
};

}  // namespace weir::edge
