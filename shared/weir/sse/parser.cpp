#include "weir/sse/parser.hpp"

#include <utility>

#include "weir/sse/buffer.hpp"

namespace weir::sse {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

void Parser::feed(std::string_view bytes) {
  if (!error_) append_unread(buffer_, at_, searched_, bytes);
}

std::optional<Message> Parser::next() {
  while (!error_) {
    const auto line = next_line();
    if (!line) return std::nullopt;
    if (!line->empty()) {
      take_field(*line);
    } else if (auto message = dispatch()) {
      return message;
    }
  }
  return std::nullopt;
}

/// False while it cannot be told yet whether the stream begins with one.
bool Parser::pass_byte_order_mark() {
  if (!at_start_) return true;
  const std::string_view begin = std::string_view(buffer_).substr(0, byte_order_mark.size());
  if (begin == byte_order_mark) {
    at_ = searched_ = byte_order_mark.size();
  } else if (byte_order_mark.substr(0, begin.size()) == begin) {
    return false;
  }
  at_start_ = false;
  return true;
}

/// The view holds until the next feed.
std::optional<std::string_view> Parser::next_line() {
  if (!pass_byte_order_mark()) return std::nullopt;
  if (skip_line_feed_ && at_ < buffer_.size()) {
    skip_line_feed_ = false;
    if (buffer_[at_] == '\n') searched_ = ++at_;
  }
  const std::size_t end = buffer_.find_first_of("\r\n", searched_);
  const bool whole = end != std::string::npos;
  const std::string_view line = std::string_view(buffer_).substr(at_, whole ? end - at_ : end);
  if (line.size() > line_bytes_most_) {
    fail(line_too_long(line_bytes_most_));
    return std::nullopt;
  }
  if (!whole) {
    searched_ = buffer_.size();
    return std::nullopt;
  }
  skip_line_feed_ = buffer_[end] == '\r';
  at_ = searched_ = end + 1;
  return line;
}

void Parser::take_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == 0) return;  // a comment
  const std::string_view field = line.substr(0, colon);
  std::string_view value;
  if (colon != std::string_view::npos) value = line.substr(colon + 1);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);

  if (field == "data") {
    take_data(value);
  } else if (field == "event") {
    event_ = value;
  } else if (field == "id") {
    if (value.find('\0') == std::string_view::npos) last_id_ = value;
  } else if (field == "retry") {
    take_retry(value);
  }
}

void Parser::take_data(std::string_view value) {
  if (data_.size() + value.size() + 1 > line_bytes_most_) {
    fail({ErrorCode::request_too_large,
          "An event's data is longer than " + std::to_string(line_bytes_most_) + " bytes.", ""});
    return;
  }
  if (has_data_) data_ += '\n';
  data_ += value;
  has_data_ = true;
}

void Parser::take_retry(std::string_view value) {
  if (value.empty()) return;
  std::uint64_t milliseconds = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return;
    milliseconds = milliseconds * 10 + static_cast<std::uint64_t>(c - '0');
    if (milliseconds > UINT32_MAX) return;
  }
  retry_ = static_cast<std::uint32_t>(milliseconds);
}

std::optional<Message> Parser::dispatch() {
  Message message{std::exchange(event_, {}), std::exchange(data_, {}), last_id_};
  if (!std::exchange(has_data_, false)) return std::nullopt;
  return message;
}

void Parser::fail(Error error) {
  error_ = std::move(error);
  buffer_ = {};
  data_ = {};
  event_ = {};
}

}  // namespace weir::sse
