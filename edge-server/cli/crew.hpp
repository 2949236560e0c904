#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "weir/retrieval/workers.hpp"

namespace weir::cli {

/// So many as the machine runs at once, but at least one.
inline std::size_t threads_of_machine() {
  const unsigned known = std::thread::hardware_concurrency();
  return known > 0 ? known : 1;
}

/// Threads that begin with each call and end with it; the caller's is one of them.
inline retrieval::Workers crew_of(std::size_t threads) {
  if (threads <= 1) return {};
  return {threads, [threads](std::size_t tasks, const retrieval::Workers::Task& task) {
            std::atomic<std::size_t> next = 0;
            const auto work = [&] {
              for (std::size_t i = next++; i < tasks; i = next++) task(i);
            };
            std::vector<std::jthread> others;
            for (std::size_t i = 1; i < threads && i < tasks; ++i) others.emplace_back(work);
            work();
          }};
}

/// Makes things on several threads and has them taken in their order on the caller's. No more than
/// `ahead` of them are made before they are taken: what they hold is bounded.
template <class Made>
class InOrder {
 public:
  InOrder(std::size_t count, std::size_t ahead) : count_(count), slots_(ahead) {}

  /// `make(i, thread)` is called on one of the threads, `take(i, Made)` on this one.
  template <class Make, class Take>
  void run(std::size_t threads, Make&& make, Take&& take) {
    std::vector<std::jthread> makers;
    for (std::size_t thread = 0; thread < threads; ++thread) {
      makers.emplace_back([&, thread] {
        while (const std::optional<std::size_t> i = next()) put(*i, make(*i, thread));
      });
    }
    for (std::size_t i = 0; i < count_; ++i) take(i, await(i));
  }

 private:
  std::optional<std::size_t> next() {
    std::unique_lock lock(mutex_);
    may_make_.wait(lock, [&] { return begun_ == count_ || begun_ < taken_ + slots_.size(); });
    if (begun_ == count_) return std::nullopt;
    return begun_++;
  }

  void put(std::size_t i, Made made) {
    const std::lock_guard lock(mutex_);
    slots_[i % slots_.size()] = std::move(made);
    if (i == taken_) made_.notify_one();
  }

  Made await(std::size_t i) {
    std::unique_lock lock(mutex_);
    std::optional<Made>& slot = slots_[i % slots_.size()];
    made_.wait(lock, [&] { return slot.has_value(); });
    Made made = std::move(*slot);
    slot.reset();
    ++taken_;
    may_make_.notify_one();
    return made;
  }

  const std::size_t count_;
  std::mutex mutex_;
  std::condition_variable may_make_, made_;
  std::vector<std::optional<Made>> slots_;
  std::size_t begun_ = 0, taken_ = 0;
};

}  // namespace weir::cli
