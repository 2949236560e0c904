#include "simulation/network.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace weir::simulation {

namespace {

/// The edge's own pings tell it that a client is gone within this time.
constexpr Duration edge_notices_most = 90s;
constexpr Duration cut_noticed_most = 5s;
constexpr Duration disorder_most = 3s;

unsigned draw_percent(Random& random) {
  constexpr unsigned choices[] = {0, 0, 0, 5, 20, 50, 100};
  return choices[static_cast<std::size_t>(random.below(std::size(choices)))];
}

bool happens(World& world, unsigned percent) {
  return world.below(100) < percent;
}

/// Where in a connection something happens: often before anything of use has come.
std::size_t draw_position(World& world) {
  constexpr std::size_t ranges[] = {1, 300, 600, 8000};
  return world.below(ranges[world.below(std::size(ranges))]);
}

Hold draw_hold(World& world, const Weather& weather) {
  if (happens(world, weather.holds_all)) return Hold::all;
  return happens(world, weather.holds_bodies) ? Hold::body : Hold::nothing;
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
  weather.holds_all = draw_percent(random) / 2;
  weather.holds_bodies = draw_percent(random) / 2;
  weather.cuts = draw_percent(random);
  weather.half_open = draw_percent(random) / 2;
  weather.disorder = draw_percent(random);
  weather.stutters = draw_percent(random) / 2;
  weather.latency = Duration(1 + random.below(400'000));
  return weather;
}

Weather Weather::only_http(Hold hold) {
  Weather weather;
  weather.refuses_sockets = 100;
  weather.holds_all = hold == Hold::all ? 100 : 0;
  weather.holds_bodies = hold == Hold::body ? 100 : 0;
  return weather;
}

Weather Weather::outage() {
  Weather weather;
  weather.refuses_sockets = weather.refuses_http = 100;
  weather.cuts = 100;
  return weather;
}

std::shared_ptr<Connection> Connection::begin(World& world, const Weather& weather) {
  const std::shared_ptr<Connection> connection(new Connection(world, weather));
  connection->draw_fate();
  return connection;
}

Connection::Connection(World& world, const Weather& weather)
    : world_(world),
      weather_(weather),
      disorderly_(happens(world, weather.disorder)),
      hold_(draw_hold(world, weather)) {}

void Connection::draw_fate() {
  if (happens(world_, weather_.cuts)) {
    (world_.random.one_in(8) ? up_ : down_).cut_after = draw_position(world_);
  }
  if (!happens(world_, weather_.half_open)) return;
  const std::size_t which = world_.below(4);
  if (which == 3) {
    return world_.after(world_.delay(60s), [self = shared_from_this()] { self->go_silent(); });
  }
  if (which != 0) up_.silent_after = draw_position(world_);
  if (which != 1) down_.silent_after = draw_position(world_);
}

Duration Connection::telling() {
  return disorderly_ ? world_.delay(disorder_most) : Duration(0);
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
  constexpr std::size_t never = std::numeric_limits<std::size_t>::max();
  const std::size_t cut_after = direction.cut_after.value_or(never);
  const std::size_t silent_after = direction.silent_after.value_or(never);
  const std::size_t room = std::min(cut_after, silent_after) - direction.sent;
  const std::size_t arriving = std::min(bytes, room);
  direction.sent += arriving;
  direction.last_arrival =
      std::max(direction.last_arrival, world_.now() + world_.delay(weather_.latency));
  if (arriving == bytes || (!whole && arriving > 0)) {
    arrive(direction, [arrival, arriving] { arrival(arriving); });
  }
  if (arriving == bytes) return true;
  if (silent_after < cut_after) {
    swallow(direction);
    return true;
  }
  arrive(direction, [this] { cut(); });
  return false;
}

void Connection::go_silent() {
  for (Direction* direction : {&up_, &down_}) {
    direction->silent_after = direction->sent;
    swallow(*direction);
  }
}

/// The sender goes on, and notices nothing for a long time.
void Connection::swallow(Direction& direction) {
  if (direction.silent) return;
  direction.silent = true;
  if (&direction == &down_) {
    world_.after(std::max(down_.last_arrival - world_.now(), Duration(0)),
                 [self = shared_from_this()] { self->went_silent_down(); });
  }
  world_.after(edge_notices_most / 3 + world_.delay(edge_notices_most * 2 / 3),
               [self = shared_from_this()] {
                 const bool page_hears = !self->broken_ && !self->down_.silent;
                 page_hears ? self->cut() : self->tell_edge(0s);
               });
}

void Connection::arrive(const Direction& direction, std::function<void()> what) {
  const bool to_page = &direction == &down_;
  world_.after(std::max(direction.last_arrival - world_.now(), Duration(0)),
               [self = shared_from_this(), to_page, what = std::move(what)] {
                 if (!self->broken_ || (to_page && self->disorderly_)) what();
               });
}

void Connection::page_closes() {
  page_gone_ = true;
  if (!broken_ && !up_.silent) tell_edge(world_.delay(weather_.latency));
  broken_ = true;
}

void Connection::edge_closes() {
  edge_gone_ = true;
}

void Connection::cut() {
  if (broken_) return;
  broken_ = true;
  tell_edge(world_.delay(60s));
  if (down_.silent) return;
  world_.after(disorderly_ ? Duration(0) : world_.delay(cut_noticed_most),
               [self = shared_from_this()] {
                 if (!self->page_gone_) self->page_learns_of_cut();
               });
}

void Connection::tell_edge(Duration wait) {
  world_.after(wait, [self = shared_from_this()] {
    if (!self->edge_gone_) self->edge_learns_of_close();
  });
}

}  // namespace weir::simulation
