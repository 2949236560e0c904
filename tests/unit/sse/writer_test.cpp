#include "weir/sse/writer.hpp"

#include <gtest/gtest.h>

#include "weir/sse/parser.hpp"

namespace weir::sse {
namespace {

TEST(SseWriter, WritesTypeIdAndData) {
  std::string out;
  append_event(out, "delta", 12, R"({"text":"x"})");
  EXPECT_EQ(out, "event: delta\nid: 12\ndata: {\"text\":\"x\"}\n\n");
}

TEST(SseWriter, LeavesOutTheIdOfAnEventWithoutCursor) {
  std::string out;
  append_event(out, "gap", 0, "");
  EXPECT_EQ(out, "event: gap\ndata: \n\n");
}

TEST(SseWriter, SplitsDataAtEveryKindOfLineEnd) {
  std::string out;
  append_event(out, "x", 1, "a\nb\r\nc\rd\n");
  Parser parser(100);
  parser.feed(out);
  EXPECT_EQ(parser.next(), (Message{"x", "a\nb\nc\nd\n", "1"}));
}

TEST(SseWriter, WritesCommentsThatReadersPass) {
  std::string out;
  append_comment(out, "alive\r\ndata: forged");
  EXPECT_EQ(out, ": alive\n: data: forged\n\n");
  Parser parser(100);
  parser.feed(out);
  EXPECT_FALSE(parser.next());
}

}  // namespace
}  // namespace weir::sse
