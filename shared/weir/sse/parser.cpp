#include "weir/sse/parser.hpp"

#include <algorithm>
#include <utility>

#include "weir/sse/buffer.hpp"

namespace weir::sse {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Two passes of memchr are several times as fast as one that looks for both.
std::size_t find_line_end(std::string_view text, std::size_t from) {
  const std::size_t feed = text.find('\n', from);
  return std::min(feed, text.substr(0, feed).find('\r', from));
}

}  // namespace

void Parser::feed(std::string_view bytes) {
  if (error_) return;
  move_data();
  append_unread(buffer_, at_, searched_, bytes);
}

std::optional<Message> Parser::next() {
  const auto message = next_view();
  if (!message) return std::nullopt;
  return Message{std::string(message->event), std::string(message->data), std::string(message->id)};
}

std::optional<MessageView> Parser::next_view() {
  if (std::exchange(dispatched_, false)) event_.clear();
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
  const std::size_t end = find_line_end(std::string_view(buffer_), searched_);
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
  const std::size_t colon = std::min(line.find(':'), line.size());
  if (colon == 0) return;  // a comment
  const std::string_view field = line.substr(0, colon);
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
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
  if (!has_data_) {
    data_place_.emplace(static_cast<std::size_t>(value.data() - buffer_.data()), value.size());
    has_data_ = true;
  } else {
    move_data();
    data_ += '\n';
    data_ += value;
  }
  if (data().size() + 1 <= line_bytes_most_) return;
  fail({ErrorCode::request_too_large,
        "An event's data is longer than " + std::to_string(line_bytes_most_) + " bytes.", ""});
}

std::string_view Parser::data() const {
  if (!data_place_) return data_;
  return std::string_view(buffer_).substr(data_place_->first, data_place_->second);
}

/// Takes the data out of buffer_, which is about to change, or before more comes.
void Parser::move_data() {
  if (data_place_) data_ = data();
  data_place_.reset();
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

std::optional<MessageView> Parser::dispatch() {
  if (!std::exchange(has_data_, false)) {
    event_.clear();
    return std::nullopt;
  }
  dispatched_ = true;
  const std::string_view whole = data();
  data_place_.reset();
  return MessageView{event_, whole, last_id_};
}

void Parser::fail(Error error) {
  error_ = std::move(error);
  buffer_ = {};
  data_ = {};
  data_place_.reset();
  has_data_ = false;
  event_ = {};
}

}  // namespace weir::sse
