#include "log.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <mutex>
#include <string>

namespace weir::edge {
namespace {

/// Whether a write of up to PIPE_BUF bytes would be taken at once (pipe(7)).
bool has_room() {
  pollfd stderr_now{STDERR_FILENO, POLLOUT, 0};
  return ::poll(&stderr_now, 1, 0) == 1 && (stderr_now.revents & POLLOUT) != 0;
}

bool write_line(std::string_view line) {
  if (!has_room()) return false;
  const auto size = static_cast<ssize_t>(std::min<std::size_t>(line.size(), PIPE_BUF));
  return ::write(STDERR_FILENO, line.data(), static_cast<std::size_t>(size)) == size;
}

}  // namespace

void write_log(std::string_view line) {
  static std::mutex turn;  // workers log as well
  static std::size_t lost = 0;
  const std::lock_guard<std::mutex> lock(turn);
  if (lost > 0 &&
      write_line("weir-edge: " + std::to_string(lost) + " lines of this log were lost\n")) {
    lost = 0;
  }
  if (!write_line(line)) ++lost;
}

void log(std::string_view line) {
  write_log("weir-edge: " + std::string(line) + "\n");
}

void log_error(const Error& error) {
  std::string text = error.message + (error.hint.empty() ? "" : " " + error.hint);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    log(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace weir::edge
