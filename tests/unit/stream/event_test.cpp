#include "weir/stream/event.hpp"

#include <gtest/gtest.h>

namespace weir::stream {
namespace {

TEST(Event, HasItsNameOnTheWire) {
  EXPECT_EQ(type_name(Accepted{}), "accepted");
  EXPECT_EQ(type_name(Queued{}), "queued");
  EXPECT_EQ(type_name(Notice{}), "notice");
  EXPECT_EQ(type_name(Reasoning{}), "reasoning");
  EXPECT_EQ(type_name(Delta{}), "delta");
  EXPECT_EQ(type_name(Usage{}), "usage");
  EXPECT_EQ(type_name(ToolCall{}), "tool_call");
  EXPECT_EQ(type_name(Done{}), "done");
  EXPECT_EQ(type_name(Failed{}), "error");
  EXPECT_EQ(type_name(Gap{}), "gap");
}

TEST(Event, NamesEveryKindOfNoticeBothWays) {
  for (const auto kind :
       {Notice::Kind::no_passages, Notice::Kind::context_dropped, Notice::Kind::provider_switched,
        Notice::Kind::retrying, Notice::Kind::draining}) {
    EXPECT_EQ(notice_kind(name(kind)), kind);
  }
  EXPECT_FALSE(notice_kind("other"));
}

TEST(Event, EndsAnAnswerWithDoneOrErrorOnly) {
  EXPECT_TRUE(ends_answer(Done{}));
  EXPECT_TRUE(ends_answer(Failed{}));
  EXPECT_FALSE(ends_answer(Delta{}));
  EXPECT_FALSE(ends_answer(Gap{}));
}

}  // namespace
}  // namespace weir::stream
