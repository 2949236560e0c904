#include "simulation/network.hpp"

#include <algorithm>
#include <utility>

namespace weir::simulation {

namespace {

unsigned draw_percent(Random& random) {
  constexpr unsigned choices[] = {0, 0, 0, 5, 20, 50, 100};
  return choices[static_cast<std::size_t>(random.below(std::size(choices)))];
}

bool happens(World& world, unsigned percent) {
  return world.below(100) < percent;
}

}  // namespace

Weather Weather::draw(Random& random) {
  Weather weather;
  if (random.one_in(4)) return weather;
  weather.refuses_sockets = draw_percent(random);
  weather.hangs_sockets = draw_percent(random) / 2;
  weather.swallows_frames = draw_percent(random) / 2;
  weather.refuses_http = draw_percent(random) / 2;
  weather.hangs_http = draw_percent(random) / 4;
  weather.cuts = draw_percent(random);
  weather.silent = draw_percent(random) / 2;
  weather.stutters = draw_percent(random) / 2;
  weather.latency = Duration(1 + random.below(400'000));
  return weather;
}

Weather Weather::outage() {
  Weather weather;
  weather.refuses_sockets = weather.refuses_http = 100;
  weather.cuts = 100;
  return weather;
}

Connection::Connection(World& world, const Weather& weather) : world_(world), weather_(weather) {
  if (!happens(world_, weather_.cuts)) return;
  Direction& direction = world_.random.one_in(8) ? up_ : down_;
  direction.breaks_after = world_.below(world_.random.one_in(2) ? 600 : 8000);
}

void Connection::to_page(std::size_t bytes, bool whole, Arrival arrival) {
  while (bytes > 0) {
    const bool splits = !whole && !world_.random.one_in(3);
    const std::size_t piece = splits ? 1 + world_.below(bytes) : bytes;
    if (!send(down_, piece, whole, arrival)) return;
    bytes -= piece;
  }
}

void Connection::to_edge(std::size_t bytes, Arrival arrival) {
  send(up_, bytes, true, arrival);
}

bool Connection::send(Direction& direction, std::size_t bytes, bool whole, const Arrival& arrival) {
  if (broken_) return false;
  const std::size_t room =
      direction.breaks_after ? *direction.breaks_after - direction.sent : bytes + 1;
  const std::size_t arriving = std::min(bytes, room);
  direction.sent += arriving;
  direction.last_arrival =
      std::max(direction.last_arrival, world_.now() + world_.delay(weather_.latency));
  if (arriving == bytes || (!whole && arriving > 0)) {
    arrive(direction.last_arrival, [arrival, arriving] { arrival(arriving); });
  }
  if (arriving == bytes) return true;
  arrive(direction.last_arrival, [this] { cut(); });
  return false;
}

void Connection::arrive(Instant at, std::function<void()> what) {
  world_.after(at - world_.now(), [self = shared_from_this(), what = std::move(what)] {
    if (!self->broken_) what();
  });
}

void Connection::page_closes() {
  page_gone_ = true;
  if (!broken_) tell_edge(world_.delay(weather_.latency));
  broken_ = true;
}

void Connection::edge_closes() {
  edge_gone_ = true;
}

void Connection::cut() {
  if (broken_) return;
  broken_ = true;
  tell_edge(world_.delay(60s));
  if (happens(world_, weather_.silent)) return;
  world_.after(world_.delay(5s), [self = shared_from_this()] {
    if (!self->page_gone_) self->page_learns_of_cut();
  });
}

void Connection::tell_edge(Duration wait) {
  world_.after(wait, [self = shared_from_this()] {
    if (!self->edge_gone_) self->edge_learns_of_close();
  });
}

}  // namespace weir::simulation
