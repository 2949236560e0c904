#include "byte_range.hpp"

#include <gtest/gtest.h>

namespace weir::edge {
namespace {

using Kind = ByteRange::Kind;

constexpr ByteRange part(std::uint64_t first, std::uint64_t last) {
  return {Kind::part, first, last};
}

TEST(ParseRange, ReadsEachFormOfASingleRange) {
  EXPECT_EQ(parse_range("bytes=0-9", 100), part(0, 9));
  EXPECT_EQ(parse_range("bytes=99-99", 100), part(99, 99));
  EXPECT_EQ(parse_range("bytes=90-", 100), part(90, 99));
  EXPECT_EQ(parse_range("bytes=-10", 100), part(90, 99));
}

TEST(ParseRange, ClampsToTheFile) {
  EXPECT_EQ(parse_range("bytes=50-1000", 100), part(50, 99));
  EXPECT_EQ(parse_range("bytes=-1000", 100), part(0, 99));
}

TEST(ParseRange, SaysWhatCannotBeSatisfied) {
  EXPECT_EQ(parse_range("bytes=100-", 100).kind, Kind::unsatisfiable);
  EXPECT_EQ(parse_range("bytes=-0", 100).kind, Kind::unsatisfiable);
  EXPECT_EQ(parse_range("bytes=0-", 0).kind, Kind::unsatisfiable);
}

TEST(ParseRange, TakesAnythingElseAsNoRange) {
  for (const char* header :
       {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=9-0", "items=0-9", "bytes=0-9,20-29",
        "bytes=+1-2", "bytes= 1-2", "bytes=1-2 ", "bytes=18446744073709551616-"}) {
    EXPECT_EQ(parse_range(header, 100).kind, Kind::whole) << header;
  }
}

}  // namespace
}  // namespace weir::edge
