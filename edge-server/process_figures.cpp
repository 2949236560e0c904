#include "process_figures.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace weir::edge {

/// proc(5).
ProcessFigures process_figures() {
  ProcessFigures figures;
  std::size_t all_pages = 0;
  std::size_t resident_pages = 0;
  std::ifstream memory("/proc/self/statm");
  if (memory >> all_pages >> resident_pages) {
    figures.resident_bytes = resident_pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  }
  std::error_code failure;
  const std::filesystem::directory_iterator descriptors("/proc/self/fd", failure);
  if (!failure)
    figures.open_descriptors =
        static_cast<std::size_t>(std::distance(begin(descriptors), end(descriptors)));
  return figures;
}

}  // namespace weir::edge
