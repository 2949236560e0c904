#pragma once

#include <cstddef>

namespace weir::edge {

/// What the operating system says of this process; 0 where it does not say.
struct ProcessFigures {
  std::size_t resident_bytes = 0;
  std::size_t open_descriptors = 0;
};

ProcessFigures process_figures();

}  // namespace weir::edge
