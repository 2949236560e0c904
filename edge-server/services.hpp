#pragma once

#include <functional>
#include <list>
#include <utility>
#include <vector>

#include "access.hpp"
#include "clients.hpp"
#include "forges.hpp"
#include "gate.hpp"
#include "packs.hpp"
#include "relay_driver.hpp"
#include "site.hpp"
#include "upstream_pool.hpp"
#include "weir/base/limits.hpp"
#include "weir/relay/socket_session.hpp"

namespace weir::edge {

/// The open connections, for counting and for closing them.
class Registry {
 public:
  /// `at_once`: whatever is under way; otherwise when what is under way has ended.
  using Close = std::function<void(bool at_once)>;

  /// A connection's place in the registry, for as long as the connection lives.
  class Place {
   public:
    Place(Registry& registry, Close close)
        : registry_(registry),
          entry_(registry.closes_.insert(registry.closes_.end(), std::move(close))) {}
    ~Place() {
      registry_.closes_.erase(entry_);
      if (registry_.closes_.empty() && registry_.on_empty) registry_.on_empty();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    Registry& registry_;
    std::list<Close>::iterator entry_;
  };

  std::size_t size() const { return closes_.size(); }

  /// A Close must not end its connection before it returns.
  void close_all(bool at_once) {
    for (const Close& close : closes_) close(at_once);
  }

  std::function<void()> on_empty;

 private:
  std::list<Close> closes_;
};

/// What every connection needs of the edge; outlives them all.
struct Services {
  Gate gate;
  Site site;
  std::shared_ptr<const Packs> packs;
  RelayDriver& driver;
  Registry& registry;
  relay::IdSource fresh_id;
  limits::Server server;
  limits::Request request;
  limits::Archive archive;
  Clients clients;
  Access access;
  std::vector<Forge> forges;
  UpstreamPool& forge_pool;
  std::size_t archives = 0;  ///< that are being fetched
  bool draining = false;
};

}  // namespace weir::edge
