#include "poller.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "socket.hpp"

namespace weir::bench {

Poller::Poller() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) fail_with_errno("epoll_create1");
}

Poller::~Poller() {
  close(epoll_);
}

void Poller::add(int descriptor, Handler& handler) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &handler;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) fail_with_errno("epoll_ctl");
}

void Poller::wait(Nanoseconds due) {
  std::array<epoll_event, 64> events;
  const Nanoseconds left = due == never ? second : std::clamp<Nanoseconds>(due - now(), 0, second);
  const timespec timeout{left / second, left % second};
  const int count =
      epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    static_cast<Handler*>(event.data.ptr)->ready(event.events);
  }
  retired_.clear();
}

}  // namespace weir::bench
