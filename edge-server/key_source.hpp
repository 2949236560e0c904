#pragma once

#include <functional>
#include <memory>
#include <string>

#include "key_set.hpp"
#include "upstream.hpp"
#include "upstream_pool.hpp"
#include "weir/base/limits.hpp"

namespace weir::edge {

/// Fetches the keys of tokens from an address, at once and then now and again, over the edge's own
/// connections: certificates are verified, sizes and waits bounded. Where a fetch fails the keys of
/// before stay. Lives on the event loop's thread.
class KeySource {
 public:
  using Give = std::function<void(KeySet)>;

  /// `pool` must outlive this.
  KeySource(UpstreamPool& pool, std::string address, const limits::Access& limits, Give give);
  ~KeySource();
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;

  const std::string& address() const { return address_; }

  /// There may be new ones: fetches soon, but not more often than limits::Access::refresh_least.
  void look_again();
  /// Fetches nothing any more.
  void stop();

 private:
  void fetch();
  void take(const relay::Input& input);
  void end(const std::string& failure);
  void wait_for(Duration wait, void (KeySource::*then)());
  void give_up();

  UpstreamPool& pool_;
  std::string address_;
  limits::Access limits_;
  Give give_;
  asio::steady_timer timer_;
  std::shared_ptr<Upstream> upstream_;
  std::string body_;
  int status_ = 0;
  Instant fetched_at_{};
  bool looks_again_ = false;
  std::shared_ptr<char> alive_ = std::make_shared<char>();  ///< a timer may have gone off already
};

}  // namespace weir::edge
