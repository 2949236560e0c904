#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace weir::edge {

/// One line on stderr. Never a secret, an answer's id, a key or anything a person has asked.
inline void log(std::string_view line) {
  const std::string text = "weir-edge: " + std::string(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace weir::edge
