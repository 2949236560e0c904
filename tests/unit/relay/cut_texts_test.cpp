#include "weir/relay/cut_texts.hpp"

#include <gtest/gtest.h>

namespace weir::relay {
namespace {

using Events = std::vector<stream::Event>;

TEST(CutTexts, LeavesShortEventsAsTheyAre) {
  const Events events{stream::Delta{"1234"}, stream::Usage{1, 2}, stream::Done{"stopped"}};
  EXPECT_EQ(cut_texts(events, 4), events);
}

TEST(CutTexts, CutsBetweenCodePoints) {
  EXPECT_EQ(cut_texts({stream::Usage{},
                       stream::Delta{"ab\xE2\x82\xAC"
                                     "cde"},
                       stream::Done{}},
                      4),
            (Events{stream::Usage{}, stream::Delta{"ab"},
                    stream::Delta{"\xE2\x82\xAC"
                                  "c"},
                    stream::Delta{"de"}, stream::Done{}}));
  EXPECT_EQ(cut_texts({stream::Reasoning{"abc"}}, 2),
            (Events{stream::Reasoning{"ab"}, stream::Reasoning{"c"}}));
}

TEST(CutTexts, NamesAToolCallOnce) {
  EXPECT_EQ(cut_texts({stream::ToolCall{2, "id", "name", "abcde"}}, 2),
            (Events{stream::ToolCall{2, "id", "name", "ab"}, stream::ToolCall{2, "", "", "cd"},
                    stream::ToolCall{2, "", "", "e"}}));
}

}  // namespace
}  // namespace weir::relay
