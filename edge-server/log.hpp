#pragma once

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

#include "weir/base/error.hpp"

namespace weir::edge {

/// One line on stderr. Never a secret, an answer's id, a key or anything a person has asked.
inline void log(std::string_view line) {
  const std::string text = "weir-edge: " + std::string(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

/// An operator's mistake, each line of it as a line of the log.
inline void log_error(const Error& error) {
  std::string text = error.message + (error.hint.empty() ? "" : " " + error.hint);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    log(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace weir::edge
