#include "weir/provider/aws_event_stream.hpp"

#include "weir/base/bytes.hpp"
#include "weir/base/hash.hpp"
#include "weir/sse/buffer.hpp"

namespace weir::provider {
namespace {

constexpr std::size_t prelude_bytes = 8;
constexpr std::size_t checksum_bytes = 4;
constexpr std::size_t bytes_least = prelude_bytes + 2 * checksum_bytes;

/// A big-endian number of as many bytes as `bytes` has.
std::uint32_t number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

/// How many bytes the value of a header of this type has, unless it says so itself.
std::optional<std::size_t> value_bytes(std::uint8_t type) {
  constexpr std::size_t by_type[] = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
  if (type >= std::size(by_type)) return std::nullopt;
  return by_type[type];
}

constexpr std::uint8_t type_bytes = 6;
constexpr std::uint8_t type_text = 7;

/// Takes `size` bytes off the front; false where there are not so many.
bool take(std::string_view& bytes, std::size_t size, std::string_view& out) {
  if (bytes.size() < size) return false;
  out = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return true;
}

}  // namespace

void AwsEventStream::feed(std::string_view bytes) {
  std::size_t searched = at_;
  if (problem_ == Problem::none) sse::append_unread(buffer_, at_, searched, bytes);
}

std::optional<AwsEventStream::Message> AwsEventStream::next() {
  const auto size = whole_message();
  if (!size) return std::nullopt;
  const std::string_view bytes = std::string_view(buffer_).substr(at_, *size);
  const std::size_t headers_at = prelude_bytes + checksum_bytes;
  const std::size_t payload_at = headers_at + number(bytes.substr(4, 4));
  const std::size_t end = *size - checksum_bytes;
  Message message;
  if (crc32(as_bytes(bytes.substr(0, end))) != number(bytes.substr(end)) ||
      !read_headers(bytes.substr(headers_at, payload_at - headers_at), message.headers)) {
    problem_ = Problem::damaged;
    return std::nullopt;
  }
  message.payload = bytes.substr(payload_at, end - payload_at);
  at_ += *size;
  return message;
}

/// The size of the message that has come as a whole. Its lengths are believed only with their
/// checksum.
std::optional<std::size_t> AwsEventStream::whole_message() {
  const std::string_view bytes = std::string_view(buffer_).substr(at_);
  if (problem_ != Problem::none || bytes.size() < prelude_bytes + checksum_bytes) {
    return std::nullopt;
  }
  const std::size_t size = number(bytes.substr(0, 4));
  const std::size_t headers = number(bytes.substr(4, 4));
  if (crc32(as_bytes(bytes.substr(0, prelude_bytes))) != number(bytes.substr(prelude_bytes, 4)) ||
      size < bytes_least || headers > size - bytes_least) {
    problem_ = Problem::damaged;
    return std::nullopt;
  }
  if (size > message_bytes_most_) {
    problem_ = Problem::too_large;
    return std::nullopt;
  }
  return bytes.size() < size ? std::nullopt : std::optional<std::size_t>(size);
}

bool AwsEventStream::read_headers(std::string_view bytes, std::vector<Header>& headers) const {
  while (!bytes.empty()) {
    std::string_view part;
    std::string_view name;
    if (!take(bytes, 1, part) || !take(bytes, number(part), name)) return false;
    if (!take(bytes, 1, part)) return false;
    const auto type = static_cast<std::uint8_t>(part[0]);
    auto size = value_bytes(type);
    if (!size) return false;
    if (type == type_bytes || type == type_text) {
      if (!take(bytes, 2, part)) return false;
      size = number(part);
    }
    if (!take(bytes, *size, part)) return false;
    if (type == type_text) headers.push_back({std::string(name), std::string(part)});
  }
  return true;
}

}  // namespace weir::provider
