#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "weir/base/error.hpp"

namespace weir::sse {

/// Appends to a buffer whose first `at` bytes were read, dropping those once they are the larger
/// half: every byte is moved a bounded number of times, however the stream is cut.
inline void append_unread(std::string& buffer, std::size_t& at, std::size_t& searched,
                          std::string_view bytes) {
  if (at > 0 && at >= buffer.size() - at) {
    buffer.erase(0, at);
    searched -= at;
    at = 0;
  }
  buffer.append(bytes);
}

inline Error line_too_long(std::size_t line_bytes_most) {
  return {ErrorCode::request_too_large,
          "A line of the stream is longer than " + std::to_string(line_bytes_most) + " bytes.", ""};
}

}  // namespace weir::sse
