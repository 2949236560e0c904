#include "simulation/world.hpp"

#include <cstdio>

namespace weir::simulation {

void World::after(Duration wait, std::function<void()> what) {
  agenda_.emplace(now_ + wait, std::move(what));
}

bool World::step(Instant until) {
  if (agenda_.empty() || agenda_.begin()->first > until) {
    now_ = until;
    return false;
  }
  const auto next = agenda_.extract(agenda_.begin());
  now_ = next.key();
  next.mapped()();
  return true;
}

Duration World::delay(Duration most) {
  const auto bound = static_cast<std::uint64_t>(most.count()) + 1;
  return Duration(random.below(random.one_in(8) ? bound : bound / 16 + 1));
}

Id128 World::fresh_id() {
  Id128 id;
  for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(random.next());
  return id;
}

void World::trace(const std::string& text) const {
  if (!tracing_) return;
  std::printf("%12.6f %s\n", static_cast<double>(now_.time_since_epoch().count()) / 1e6,
              text.c_str());
}

void World::fail(const std::string& what) {
  trace("FAILED " + what);
  failures_.push_back(what);
}

}  // namespace weir::simulation
