#pragma once

#include <optional>

#include "clock.hpp"
#include "net.hpp"

namespace weir::edge {

/// Lets one coroutine sleep until it is woken or a deadline comes. A wake that finds nobody asleep
/// is kept for the next sleep. For the event loop's thread alone.
class Wake {
 public:
  explicit Wake(const asio::any_io_executor& executor) : timer_(executor) {}

  void raise() {
    raised_ = true;
    timer_.cancel();
  }

  Task<> sleep(std::optional<Instant> deadline) {
    if (!raised_) {
      timer_.expires_at(deadline ? to_steady(*deadline) : asio::steady_timer::time_point::max());
      co_await timer_.async_wait(no_throw);
    }
    raised_ = false;
  }

 private:
  asio::steady_timer timer_;
  bool raised_ = false;
};

}  // namespace weir::edge
