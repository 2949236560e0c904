#include "weir/sse/lines.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::sse {
namespace {

using Lines = std::vector<std::string>;

void drain(LineReader& reader, Lines& out) {
  while (auto line = reader.next()) out.push_back(*std::move(line));
}

Lines read(std::string_view text, std::size_t line_bytes_most = 100) {
  LineReader whole(line_bytes_most);
  Lines expected;
  whole.feed(text);
  whole.finish();
  drain(whole, expected);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    LineReader reader(line_bytes_most);
    Lines lines;
    reader.feed(text.substr(0, cut));
    drain(reader, lines);
    reader.feed(text.substr(cut));
    drain(reader, lines);
    reader.finish();
    drain(reader, lines);
    EXPECT_EQ(lines, expected) << "cut at " << cut;
    EXPECT_EQ(reader.error(), whole.error()) << "cut at " << cut;
  }
  return expected;
}

TEST(LineReader, CutsAtLineFeedsAndPassesEmptyLines) {
  EXPECT_EQ(read("{}\n\n[1]\r\n\r\n2\n"), (Lines{"{}", "[1]", "2"}));
}

TEST(LineReader, TakesALastLineWithoutEnd) {
  EXPECT_EQ(read("a\nb"), (Lines{"a", "b"}));
  EXPECT_EQ(read("a\nb\r"), (Lines{"a", "b"}));
  EXPECT_EQ(read(""), Lines{});
}

TEST(LineReader, WaitsForTheEndOfALine) {
  LineReader reader(100);
  reader.feed("a");
  EXPECT_FALSE(reader.next());
  reader.feed("b\n");
  EXPECT_EQ(reader.next(), "ab");
}

TEST(LineReader, RefusesALineBeyondTheLimitHoweverItIsCut) {
  EXPECT_EQ(read("12345\r\n1234\n", 5), (Lines{"12345", "1234"}));
  EXPECT_EQ(read("1234\n123456\n1\n", 5), (Lines{"1234"}));
  LineReader reader(5);
  reader.feed("123456");
  EXPECT_FALSE(reader.next());
  ASSERT_TRUE(reader.error());
  EXPECT_EQ(reader.error()->code, ErrorCode::request_too_large);
}

}  // namespace
}  // namespace weir::sse
