#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/result.hpp"

namespace weir::sse {

/// Newline-delimited records (NDJSON) from bytes split anywhere; CRLF ends a line too; empty lines
/// are passed over. finish() says that the last line needs no newline.
///
///   reader.feed(bytes);
///   while (auto line = reader.next()) ...
///   if (reader.error()) ...
class LineReader {
 public:
  explicit LineReader(std::size_t line_bytes_most) : line_bytes_most_(line_bytes_most) {}

  /// Bytes fed after an error are ignored.
  void feed(std::string_view bytes);
  void finish() { finished_ = true; }

  /// The next whole line, without its end, or nothing until more bytes come.
  std::optional<std::string> next();

  /// `request_too_large` once a line passed the limit.
  const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<std::string_view> take_line();

  std::size_t line_bytes_most_;
  std::string buffer_;
  std::size_t at_ = 0;        ///< start of the unread part of buffer_
  std::size_t searched_ = 0;  ///< up to here the unread part holds no line end
  bool finished_ = false;
  std::optional<Error> error_;
};

}  // namespace weir::sse
