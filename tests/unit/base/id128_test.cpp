#include "weir/base/id128.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Id128, WritesAndReadsThirtyTwoHexDigits) {
  const auto id = id128_from_hex("00112233445566778899aabbccddeeff");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(to_hex(*id), "00112233445566778899aabbccddeeff");
  EXPECT_EQ(id128_from_hex("00112233445566778899AABBCCDDEEFF"), id);
}

TEST(Id128, RefusesEverythingElse) {
  EXPECT_FALSE(id128_from_hex(""));
  EXPECT_FALSE(id128_from_hex("00112233445566778899aabbccddeef"));
  EXPECT_FALSE(id128_from_hex("00112233445566778899aabbccddeeff0"));
  EXPECT_FALSE(id128_from_hex("00112233445566778899aabbccddeefg"));
}

TEST(Id128, ComparesInConstantTimeLikeEquality) {
  Id128 a;
  Id128 b;
  EXPECT_TRUE(equal_in_constant_time(a, b));
  b.bytes[15] = 1;
  EXPECT_FALSE(equal_in_constant_time(a, b));
}

}  // namespace
}  // namespace weir
