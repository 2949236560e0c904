#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "simulation/world.hpp"

namespace weir::simulation {

/// How bad the network between a page and the edge is. Chances are in percent.
struct Weather {
  unsigned refuses_sockets = 0;
  unsigned hangs_sockets = 0;    ///< neither opens nor fails
  unsigned swallows_frames = 0;  ///< a proxy that opens a socket and passes nothing on
  unsigned refuses_http = 0;
  unsigned hangs_http = 0;
  unsigned cuts = 0;      ///< a connection is cut at some byte, or after some time
  unsigned silent = 0;    ///< of those cuts: the page is not told
  unsigned stutters = 0;  ///< of what the edge sends, so much comes twice
  Duration latency = 20ms;

  static Weather draw(Random& random);
  /// Nothing opens any more.
  static Weather outage();
};

/// One connection between a page and the edge. Bytes arrive in order, late, in pieces, or not.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// How many of the bytes sent have come.
  using Arrival = std::function<void(std::size_t)>;

  Connection(World& world, const Weather& weather);

  bool stutters() { return world_.random.below(100) < weather_.stutters; }

  /// `whole`: a frame, of which a part is nothing; otherwise pieces arrive as they come.
  void to_page(std::size_t bytes, bool whole, Arrival arrival);
  void to_edge(std::size_t bytes, Arrival arrival);

  void page_closes();
  void edge_closes();
  /// Breaks now; both sides learn of it, sooner or later.
  void cut();

  std::function<void()> page_learns_of_cut;
  std::function<void()> edge_learns_of_close;

 private:
  struct Direction {
    Instant last_arrival;
    std::size_t sent = 0;
    std::optional<std::size_t> breaks_after;
  };

  /// Sends one piece; false: the connection breaks in it, or is broken.
  bool send(Direction& direction, std::size_t bytes, bool whole, const Arrival& arrival);
  void arrive(Instant at, std::function<void()> what);
  void tell_edge(Duration wait);

  World& world_;
  Weather weather_;
  bool broken_ = false;
  bool page_gone_ = false;
  bool edge_gone_ = false;
  Direction up_, down_;
};

}  // namespace weir::simulation
