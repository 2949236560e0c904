#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "weir/base/backoff.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/random.hpp"
#include "weir/base/time.hpp"
#include "weir/transport/socket.hpp"
#include "weir/transport/transport.hpp"

namespace weir::transport {

/// The page's WebSockets: at most one, the current one, takes questions or is about to; those that
/// drain bring their answers to their end beside it. And whether a socket is worth waiting for, and
/// when to try one again.
class Sockets {
 public:
  Sockets(const limits::Transport& limits, Random& random) : limits_(limits), random_(random) {}

  /// Opening or open; null where there is none.
  Socket* current();
  /// The current one, if it is open.
  Socket* open();
  Socket* find(SocketId id);
  const std::vector<Socket>& all() const { return sockets_; }
  std::vector<SocketId> ids() const;
  /// This one was probed and has not replied.
  bool probed(SocketId id) const;
  /// Some socket may bring answers.
  bool any_carries() const;

  /// The last one failed: nobody should wait for the next who has not tried HTTP.
  bool doubted() const { return doubted_; }

  /// Begins a try; its id is new.
  SocketId try_one(Instant now);
  void opened(Socket& socket, Instant now);
  /// It takes no more questions: another one is to be tried.
  void drain(Socket& socket, Instant now);
  /// It closed, or was found dead, in whatever state it was. `busy`: answers wait for something
  /// better, so that after a failure it is left alone for the full limits::Transport::socket_retry.
  void gone(SocketId id, Instant now, bool busy);

  /// The network gives signs of life.
  void encourage() { backoff_.reset(); }
  void brought_event(Socket& socket);
  void replied(Socket& socket);

  /// Try one at `now + wait`, or at once on a new network.
  void try_again_soon(Instant now) { retry_at_ = now + wait(); }
  void try_again_now(Instant now);

  /// One should be tried by now although no answer asks for it.
  bool due(Instant now) const { return !has_current() && now >= retry_at_; }
  /// When one of the sockets, or the next try, is due. `retries`: whether one is to be tried by
  /// itself at all.
  std::optional<Instant> deadline(bool retries) const;

 private:
  bool has_current() const;
  Duration wait() { return backoff_.next(random_, limits_.backoff_first, limits_.socket_retry); }

  const limits::Transport& limits_;
  Random& random_;
  std::vector<Socket> sockets_;
  SocketId last_id_ = 0;
  Instant retry_at_;
  Backoff backoff_;
  std::uint32_t fruitless_ = 0;  ///< sockets in a row that were asked and brought nothing
  bool doubted_ = false;
};

}  // namespace weir::transport
