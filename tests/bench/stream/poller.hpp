#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "clock.hpp"

namespace weir::bench {

/// Something that epoll may call about its socket.
class Handler {
 public:
  virtual ~Handler() = default;
  /// `events`: of epoll, edge-triggered: what is there must be taken until there is no more.
  virtual void ready(std::uint32_t events) = 0;
};

/// epoll, edge-triggered, for reading and writing at once: no call per change of interest.
class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// The handler must live until its descriptor is closed, and through retire() until the round
  /// ends.
  void add(int descriptor, Handler& handler);

  /// Waits for events until `due` at the latest, then calls the handlers.
  void wait(Nanoseconds due);

  /// Frees a handler after the running round: events of the same round may still name it.
  void retire(std::unique_ptr<Handler> handler) { retired_.push_back(std::move(handler)); }

 private:
  int epoll_;
  std::vector<std::unique_ptr<Handler>> retired_;
};

}  // namespace weir::bench
