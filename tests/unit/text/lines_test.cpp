#include "weir/text/lines.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::text {
namespace {

TEST(LineMap, CountsLinesAsEditorsDo) {
  EXPECT_EQ(LineMap("").count(), 0U);
  EXPECT_EQ(LineMap("a").count(), 1U);
  EXPECT_EQ(LineMap("a\n").count(), 1U);
  EXPECT_EQ(LineMap("a\nb").count(), 2U);
  EXPECT_EQ(LineMap("\n\n").count(), 2U);
}

TEST(LineMap, GivesLinesWithoutTheirEnds) {
  const LineMap lines("one\r\ntwo\n\nfour");
  EXPECT_EQ(lines.line(1), "one");
  EXPECT_EQ(lines.line(2), "two");
  EXPECT_EQ(lines.line(3), "");
  EXPECT_EQ(lines.line(4), "four");
  EXPECT_EQ(lines.lines(1, 2), "one\r\ntwo");
}

TEST(LineMap, FindsTheLineOfEveryByte) {
  const std::string text = "ab\n\ncd\nlast";
  const LineMap lines(text);
  std::uint32_t line = 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    EXPECT_EQ(lines.line_at(at), line) << at;
    if (text[at] == '\n') ++line;
  }
  EXPECT_EQ(lines.line_at(text.size() + 9), 4U);
  EXPECT_EQ(LineMap("").line_at(0), 0U);
  EXPECT_EQ(lines.begin(3), 4U);
  EXPECT_EQ(lines.begin(5), text.size());
}

}  // namespace
}  // namespace weir::text
