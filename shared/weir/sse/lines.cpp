#include "weir/sse/lines.hpp"

#include "weir/sse/buffer.hpp"

namespace weir::sse {

void LineReader::feed(std::string_view bytes) {
  if (!error_) append_unread(buffer_, at_, searched_, bytes);
}

std::optional<std::string> LineReader::next() {
  while (!error_) {
    const auto line = take_line();
    if (!line) return std::nullopt;
    if (!line->empty()) return std::string(*line);
  }
  return std::nullopt;
}

std::optional<std::string_view> LineReader::take_line() {
  const std::size_t end = buffer_.find('\n', searched_);
  const bool whole = end != std::string::npos;
  std::string_view line = std::string_view(buffer_).substr(at_, whole ? end - at_ : end);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.size() > line_bytes_most_) {
    error_ = line_too_long(line_bytes_most_);
    buffer_ = {};
    return std::nullopt;
  }
  if (!whole && !(finished_ && at_ < buffer_.size())) {
    searched_ = buffer_.size();
    return std::nullopt;
  }
  at_ = searched_ = whole ? end + 1 : buffer_.size();
  return line;
}

}  // namespace weir::sse
