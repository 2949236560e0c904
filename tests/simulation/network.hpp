#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "simulation/world.hpp"

namespace weir::simulation {

/// What a proxy passes on of an HTTP response only when it has ended.
enum class Hold : std::uint8_t { nothing, body, all };

/// How bad the network between a page and the edge is. Chances are in percent.
struct Weather {
  unsigned refuses_sockets = 0;
  unsigned hangs_sockets = 0;    ///< neither opens nor fails
  unsigned swallows_frames = 0;  ///< a proxy that opens a socket and passes nothing on
  unsigned refuses_http = 0;
  unsigned hangs_http = 0;
  unsigned holds_all = 0;     ///< a proxy passes HTTP responses on when they have ended
  unsigned holds_bodies = 0;  ///< of the others, it passes on the heads alone
  unsigned cuts = 0;          ///< a connection is cut at some byte
  unsigned half_open = 0;     ///< from some byte or moment on nothing comes, and nobody is told
  unsigned disorder = 0;  ///< a connection whose beginning and end the page is told out of order
  unsigned stutters = 0;  ///< of what the edge sends, so much comes twice
  Duration latency = 20ms;

  static Weather draw(Random& random);
  /// Calm, but only HTTP gets through, always held back in the same way.
  static Weather only_http(Hold hold);
  /// Nothing opens any more.
  static Weather outage();
};

/// One connection between a page and the edge. Bytes arrive in order, late, in pieces, or not.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// How many of the bytes sent have come.
  using Arrival = std::function<void(std::size_t)>;

  /// Makes one; it may be drawn to be cut or to go silent.
  static std::shared_ptr<Connection> begin(World& world, const Weather& weather);

  Hold hold() const { return hold_; }
  bool stutters() { return world_.random.below(100) < weather_.stutters; }
  /// How much later than it happened the page is told of a beginning or an end.
  Duration telling();
  /// What is under way to the page comes although the page has been told of the end, or has closed.
  bool outlives_its_end() const { return disorderly_; }
  bool silent_up() const { return up_.silent; }
  bool silent_down() const { return down_.silent; }
  /// Nothing comes in either direction any more.
  void go_silent();

  /// `whole`: a frame, of which a part is nothing; otherwise pieces arrive as they come.
  void to_page(std::size_t bytes, bool whole, Arrival arrival);
  void to_edge(std::size_t bytes, Arrival arrival);

  void page_closes();
  void edge_closes();
  /// Breaks now; both sides learn of it, sooner or later.
  void cut();

  std::function<void()> page_learns_of_cut = [] {};
  std::function<void()> edge_learns_of_close = [] {};
  /// For who checks that the page finds it out: from now on nothing comes to the page.
  std::function<void()> went_silent_down = [] {};

 private:
  struct Direction {
    Instant last_arrival;
    std::size_t sent = 0;
    std::optional<std::size_t> cut_after;
    std::optional<std::size_t> silent_after;
    bool silent = false;
  };

  Connection(World& world, const Weather& weather);
  void draw_fate();
  /// Sends one piece; false: the connection breaks in it, or is broken.
  bool send(Direction& direction, std::size_t bytes, bool whole, const Arrival& arrival);
  void swallow(Direction& direction);
  void arrive(const Direction& direction, std::function<void()> what);
  void tell_edge(Duration wait);

  World& world_;
  Weather weather_;
  bool disorderly_;
  Hold hold_;
  bool broken_ = false;
  bool page_gone_ = false;
  bool edge_gone_ = false;
  Direction up_, down_;
};

}  // namespace weir::simulation
