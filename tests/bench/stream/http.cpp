#include "http.hpp"

#include <strings.h>

#include <algorithm>
#include <charconv>

namespace weir::bench {

std::string_view header(std::string_view head, std::string_view name) {
  std::size_t line = head.find("\r\n");
  while (line != head.npos) {
    const std::string_view rest = head.substr(line + 2);
    if (rest.size() > name.size() && rest[name.size()] == ':' &&
        strncasecmp(rest.data(), name.data(), name.size()) == 0) {
      std::string_view value = rest.substr(name.size() + 1, rest.find("\r\n") - name.size() - 1);
      while (value.starts_with(' ')) value.remove_prefix(1);
      return value;
    }
    line = head.find("\r\n", line + 2);
  }
  return {};
}

std::optional<std::size_t> content_length(std::string_view head) {
  const std::string_view value = header(head, "content-length");
  std::size_t length = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), length);
  if (value.empty() || read.ec != std::errc()) return std::nullopt;
  return length;
}

bool ResponseDecoder::take_head(std::string& in) {
  const std::size_t end = in.find("\r\n\r\n");
  if (end == in.npos) return true;
  const std::string_view head = std::string_view(in).substr(0, end + 2);
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) return false;
  std::from_chars(head.data() + 9, head.data() + 12, status_);
  if (header(head, "transfer-encoding") == "chunked") {
    framing_ = Framing::chunked;
  } else {
    framing_ = Framing::length;
    left_ = content_length(head).value_or(0);
    whole_ = left_ == 0;
  }
  head_bytes_ = end + 4;
  in.erase(0, head_bytes_);
  return true;
}

bool ResponseDecoder::take_chunk(std::string_view in, std::size_t& at, std::string& body,
                                 bool& good) {
  if (left_ == 0) {
    const std::size_t line = in.find("\r\n", at);
    if (line == in.npos) return false;
    std::size_t size = 0;
    const auto read = std::from_chars(in.data() + at, in.data() + line, size, 16);
    good = read.ec == std::errc();
    if (!good) return false;
    if (size == 0) {
      whole_ = in.size() >= line + 4;  // no trailers are expected
      if (whole_) at = line + 4;
      return false;
    }
    at = line + 2;
    left_ = size + 2;
  }
  const std::size_t there = std::min(left_, in.size() - at);
  body.append(in.substr(at, std::min(there, left_ - std::min<std::size_t>(left_, 2))));
  at += there;
  left_ -= there;
  return left_ == 0;
}

bool ResponseDecoder::take(std::string& in, std::string& body) {
  if (!has_head() && !take_head(in)) return false;
  if (!has_head() || whole_) return true;
  std::size_t at = 0;
  bool good = true;
  if (framing_ == Framing::chunked) {
    while (take_chunk(in, at, body, good)) continue;
  } else {
    at = std::min(left_, in.size());
    body.append(in, 0, at);
    left_ -= at;
    whole_ = left_ == 0;
  }
  in.erase(0, at);
  return good;
}

}  // namespace weir::bench
