#pragma once

#include <cstddef>
#include <functional>

namespace weir::retrieval {

/// Who carries out tasks that do not depend on each other: the host's threads, where it has some.
struct Workers {
  using Task = std::function<void(std::size_t)>;

  /// So many tasks are worked on at a time.
  std::size_t count = 1;
  /// Carries out task(0) to task(tasks - 1), in any order or at once, and returns when all are
  /// done.
  std::function<void(std::size_t tasks, const Task& task)> run = [](std::size_t tasks,
                                                                    const Task& task) {
    for (std::size_t i = 0; i < tasks; ++i) task(i);
  };
};

}  // namespace weir::retrieval
