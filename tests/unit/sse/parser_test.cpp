#include "weir/sse/parser.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace weir::sse {
namespace {

std::vector<Message> drain(Parser& parser) {
  std::vector<Message> messages;
  while (auto message = parser.next()) messages.push_back(*std::move(message));
  return messages;
}

void feed(Parser& parser, std::string_view bytes, std::vector<Message>& out) {
  parser.feed(bytes);
  for (Message& message : drain(parser)) out.push_back(std::move(message));
}

/// Parses whole, at every split and byte by byte, and demands the same every time.
std::vector<Message> parse(std::string_view text, std::size_t line_bytes_most = 1000) {
  Parser whole(line_bytes_most);
  std::vector<Message> expected;
  feed(whole, text, expected);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Parser parser(line_bytes_most);
    std::vector<Message> messages;
    feed(parser, text.substr(0, cut), messages);
    feed(parser, text.substr(cut), messages);
    EXPECT_EQ(messages, expected) << "cut at " << cut;
    EXPECT_EQ(parser.error(), whole.error()) << "cut at " << cut;
  }
  Parser parser(line_bytes_most);
  std::vector<Message> messages;
  for (const char& c : text) feed(parser, {&c, 1}, messages);
  EXPECT_EQ(messages, expected) << "byte by byte";
  return expected;
}

using Messages = std::vector<Message>;

TEST(SseParser, DispatchesAtTheBlankLine) {
  EXPECT_EQ(parse("data: a\n\n"), (Messages{{"", "a", ""}}));
  EXPECT_EQ(parse("event: delta\nid: 7\ndata: {}\n\ndata: b\n\n"),
            (Messages{{"delta", "{}", "7"}, {"", "b", "7"}}));
}

TEST(SseParser, TakesEveryKindOfLineEnd) {
  const Messages expected{{"x", "a\nb", ""}, {"", "c", ""}};
  EXPECT_EQ(parse("event:x\ndata:a\ndata:b\n\ndata:c\n\n"), expected);
  EXPECT_EQ(parse("event:x\rdata:a\rdata:b\r\rdata:c\r\r"), expected);
  EXPECT_EQ(parse("event:x\r\ndata:a\r\ndata:b\r\n\r\ndata:c\r\n\r\n"), expected);
  EXPECT_EQ(parse("event:x\r\ndata:a\ndata:b\r\r\ndata:c\n\r\n"), expected);
}

TEST(SseParser, DispatchesAtOnceWhenALineEndsWithCarriageReturn) {
  Parser parser(100);
  parser.feed("data: a\r\r");
  EXPECT_EQ(drain(parser), (Messages{{"", "a", ""}}));
  parser.feed("\ndata: b\n\n");
  EXPECT_EQ(drain(parser), (Messages{{"", "b", ""}}));
}

TEST(SseParser, DropsOneByteOrderMarkAtTheStart) {
  EXPECT_EQ(parse("\xEF\xBB\xBF"
                  "data: a\n\n"),
            (Messages{{"", "a", ""}}));
  EXPECT_EQ(parse("\xEF\xBB\xBF\xEF\xBB\xBF"
                  "data: a\n\ndata: b\n\n"),
            (Messages{{"", "b", ""}}));
  EXPECT_EQ(parse("\xEF\xBB"
                  "data: a\n\ndata: b\n\n"),
            (Messages{{"", "b", ""}}));
}

TEST(SseParser, PassesCommentsAndUnknownFields) {
  EXPECT_EQ(parse(": alive\n\n:\nfoo: bar\n Data: x\ndata : y\ndata: a\n\n"),
            (Messages{{"", "a", ""}}));
}

TEST(SseParser, TakesFieldsWithoutColonAsEmpty) {
  EXPECT_EQ(parse("data\n\n"), (Messages{{"", "", ""}}));
  EXPECT_EQ(parse("data\ndata\n\n"), (Messages{{"", "\n", ""}}));
  EXPECT_EQ(parse("id: 1\ndata: a\n\nid\ndata: b\n\n"), (Messages{{"", "a", "1"}, {"", "b", ""}}));
}

TEST(SseParser, DropsOneSpaceBehindTheColon) {
  EXPECT_EQ(parse("data:a\n\ndata:  a \n\ndata:\t\n\ndata::\n\n"),
            (Messages{{"", "a", ""}, {"", " a ", ""}, {"", "\t", ""}, {"", ":", ""}}));
}

TEST(SseParser, ForgetsTheTypeOfAnEventWithoutData) {
  EXPECT_EQ(parse("event: x\nid: 3\n\ndata: a\n\n"), (Messages{{"", "a", "3"}}));
}

TEST(SseParser, IgnoresIdsThatHoldNul) {
  using namespace std::string_view_literals;
  EXPECT_EQ(parse("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n"sv),
            (Messages{{"", "a", "1"}, {"", "b", "1"}}));
}

TEST(SseParser, NeverDispatchesWhatTheEndCutsOff) {
  EXPECT_EQ(parse("data: a\n\ndata: b\n"), (Messages{{"", "a", ""}}));
  EXPECT_EQ(parse("data: a"), Messages{});
}

TEST(SseParser, KeepsTheLastValidRetry) {
  Parser parser(100);
  parser.feed("retry: 250\nretry: x\nretry:\nretry: 1.5\nretry: 99999999999\n\n");
  EXPECT_FALSE(parser.next());
  EXPECT_EQ(parser.retry_milliseconds(), 250U);
}

TEST(SseParser, RefusesALineBeyondTheLimitHoweverItIsCut) {
  EXPECT_EQ(parse("data: a\n\ndata: 1234\n\n", 10).size(), 2U);
  EXPECT_EQ(parse("data: a\n\ndata: 12345\n\n", 10).size(), 1U);
  Parser parser(10);
  parser.feed("data: 12345");
  EXPECT_FALSE(parser.next());
  ASSERT_TRUE(parser.error());
  EXPECT_EQ(parser.error()->code, ErrorCode::request_too_large);
  parser.feed("\n\ndata: a\n\n");
  EXPECT_FALSE(parser.next());
}

TEST(SseParser, RefusesAnEventWhoseManyLinesPassTheLimit) {
  EXPECT_EQ(parse("data: 1234\ndata: 1234\n\n", 10).size(), 1U);
  EXPECT_EQ(parse("data: 1234\ndata: 1234\ndata: 1\n\n", 10).size(), 0U);
}

TEST(SseParser, TakesAMegabyteByteByByteInLinearTime) {
  const std::string line = "data: " + std::string(1 << 20, 'x') + "\n\n";
  Parser parser(2 << 20);
  std::vector<Message> messages;
  for (const char& c : line) feed(parser, {&c, 1}, messages);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].data.size(), 1U << 20);
}

}  // namespace
}  // namespace weir::sse
