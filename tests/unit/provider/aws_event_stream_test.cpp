#include "weir/provider/aws_event_stream.hpp"

#include <gtest/gtest.h>

#include "support/aws_frames.hpp"

namespace weir::provider {
namespace {

using Problem = AwsEventStream::Problem;

/// Two messages of Smithy's event stream test suite, payload_no_headers and payload_one_str_header
/// (aws-sdk-js-v3, packages/eventstream-codec), byte by byte.
const std::string no_headers(
    "\x00\x00\x00\x1d\x00\x00\x00\x00\xfd\x52\x8c\x5a"
    "{'foo':'bar'}"
    "\xc3\x65\x39\x36",
    29);
const std::string one_header(
    "\x00\x00\x00\x3d\x00\x00\x00\x20\x07\xfd\x83\x96"
    "\x0c"
    "content-type\x07\x00\x10"
    "application/json"
    "{'foo':'bar'}"
    "\x8d\x9c\x08\xb1",
    61);

std::vector<AwsEventStream::Message> read(std::string_view bytes, std::size_t step,
                                          Problem* problem = nullptr) {
  AwsEventStream stream(256);
  std::vector<AwsEventStream::Message> messages;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    stream.feed(bytes.substr(at, step));
    while (auto message = stream.next()) messages.push_back(std::move(*message));
  }
  if (problem) *problem = stream.problem();
  return messages;
}

TEST(AwsEventStream, ReadsThePublishedMessagesAtEverySplit) {
  const std::string bytes = no_headers + one_header + no_headers;
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    const auto messages = read(bytes, step);
    ASSERT_EQ(messages.size(), 3u) << step;
    EXPECT_TRUE(messages[0].headers.empty());
    EXPECT_EQ(messages[0].payload, "{'foo':'bar'}");
    EXPECT_EQ(messages[1].headers, (std::vector<Header>{{"content-type", "application/json"}}));
    EXPECT_EQ(messages[1].payload, "{'foo':'bar'}");
  }
}

TEST(AwsEventStream, RefusesEveryFlippedBit) {
  for (std::size_t byte = 0; byte < one_header.size(); ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = one_header;
      damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << bit));
      Problem problem = Problem::none;
      EXPECT_TRUE(read(damaged + no_headers, 7, &problem).empty()) << byte << " " << bit;
      EXPECT_EQ(problem, Problem::damaged) << byte << " " << bit;
    }
  }
}

TEST(AwsEventStream, RefusesAMessageThatIsTooLargeBeforeItIsThere) {
  const std::string large = testing::aws_frame({}, std::string(300, 'x'));
  Problem problem = Problem::none;
  EXPECT_TRUE(read(large.substr(0, 12), 12, &problem).empty());
  EXPECT_EQ(problem, Problem::too_large);
}

TEST(AwsEventStream, PassesOverHeadersOfOtherTypes) {
  // bool true, byte, short, int, long, bytes, text, timestamp, uuid
  const std::string fields = std::string(
                                 "\x01"
                                 "a\x00",
                                 3) +
                             std::string(
                                 "\x01"
                                 "b\x02\x01",
                                 4) +
                             std::string(
                                 "\x01"
                                 "c\x03\x01\x02",
                                 5) +
                             std::string(
                                 "\x01"
                                 "d\x04\x01\x02\x03\x04",
                                 7) +
                             "\x01"
                             "e\x05" +
                             std::string(8, '\x01') +
                             std::string(
                                 "\x01"
                                 "f\x06\x00\x01z",
                                 6) +
                             std::string(
                                 "\x01"
                                 "g\x07\x00\x02hi",
                                 7) +
                             "\x01"
                             "h\x08" +
                             std::string(8, '\x01') +
                             "\x01"
                             "i\x09" +
                             std::string(16, '\x01');
  std::string bytes;
  testing::append_big_endian(bytes, fields.size() + 16, 4);
  testing::append_big_endian(bytes, fields.size(), 4);
  testing::append_big_endian(bytes, crc32(as_bytes(bytes)), 4);
  bytes += fields;
  testing::append_big_endian(bytes, crc32(as_bytes(bytes)), 4);
  const auto messages = read(bytes, 5);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].headers, (std::vector<Header>{{"g", "hi"}}));
}

TEST(AwsEventStream, RefusesHeadersThatReachBeyondTheirEnd) {
  for (const std::string& fields : {std::string("\x05"
                                                "ab"),
                                    std::string("\x01"
                                                "a"),
                                    std::string("\x01"
                                                "a\x07\x00\x09x",
                                                6),
                                    std::string("\x01"
                                                "a\x0a",
                                                3)}) {
    std::string bytes;
    testing::append_big_endian(bytes, fields.size() + 16, 4);
    testing::append_big_endian(bytes, fields.size(), 4);
    testing::append_big_endian(bytes, crc32(as_bytes(bytes)), 4);
    bytes += fields;
    testing::append_big_endian(bytes, crc32(as_bytes(bytes)), 4);
    Problem problem = Problem::none;
    EXPECT_TRUE(read(bytes, bytes.size(), &problem).empty());
    EXPECT_EQ(problem, Problem::damaged);
  }
}

}  // namespace
}  // namespace weir::provider
