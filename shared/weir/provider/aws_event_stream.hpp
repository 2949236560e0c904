#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/provider/provider.hpp"

namespace weir::provider {

/// Reads application/vnd.amazon.eventstream from bytes split anywhere
/// (https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html). A message is, all
/// numbers big-endian:
///
///     total length u32 | headers' length u32 | CRC-32 of these 8 bytes
///     headers: name length u8, name, type u8, value by type
///     payload
///     CRC-32 of all before
///
///   stream.feed(bytes);
///   while (auto message = stream.next()) ...
///   if (stream.problem() != ...) ...
class AwsEventStream {
 public:
  struct Message {
    std::vector<Header> headers;  ///< those that are texts: the others say nothing here
    std::string payload;
  };
  enum class Problem : std::uint8_t {
    none,
    damaged,    ///< a checksum or a length is wrong: what follows cannot be read either
    too_large,  ///< a message is longer than the limit
  };

  explicit AwsEventStream(std::size_t message_bytes_most)
      : message_bytes_most_(message_bytes_most) {}

  /// Bytes fed after a problem are ignored.
  void feed(std::string_view bytes);
  /// The next whole message, or nothing until more bytes come.
  std::optional<Message> next();
  Problem problem() const { return problem_; }

 private:
  std::optional<std::size_t> whole_message();
  bool read_headers(std::string_view bytes, std::vector<Header>& headers) const;

  std::size_t message_bytes_most_;
  std::string buffer_;
  std::size_t at_ = 0;  ///< start of the unread part of buffer_
  Problem problem_ = Problem::none;
};

}  // namespace weir::provider
