#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "clock.hpp"
#include "net.hpp"

namespace weir::edge {

/// A timer for a deadline that moves all the time. One that moves back, as each frame moves a
/// keep-alive, costs nothing: it goes off at the old time, and whoever is called then arms it anew.
class LazyTimer {
 public:
  explicit LazyTimer(const asio::any_io_executor& executor) : timer_(executor) {}

  /// Calls `what` at `due`, or earlier, unless it is armed already for a time before that. `owner`,
  /// if given, is kept alive until then.
  void arm(Instant due, const std::shared_ptr<void>& owner, std::function<void()> what) {
    if (armed_for_ && *armed_for_ <= due) return;
    armed_for_ = due;
    timer_.expires_at(to_steady(due));
    timer_.async_wait([this, owner, what = std::move(what)](error_code error) {
      if (error) return;
      armed_for_.reset();
      what();
    });
  }

  void cancel() { timer_.cancel(); }

 private:
  asio::steady_timer timer_;
  std::optional<Instant> armed_for_;
};

}  // namespace weir::edge
