#pragma once

#include <memory>

#include "weir/relay/relay.hpp"

namespace weir::edge {

/// Whoever carries a reader's events to a client.
class Follower : public std::enable_shared_from_this<Follower> {
 public:
  virtual ~Follower() = default;

  /// One of its readers has something to read. Only takes note: the relay's actions are being
  /// carried out.
  virtual void wake(relay::ReaderId reader) = 0;
  /// Reads and sends what there is, after it was woken and once the relay's actions are done.
  virtual void write() = 0;
};

}  // namespace weir::edge
