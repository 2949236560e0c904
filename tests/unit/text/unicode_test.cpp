#include "weir/text/unicode.hpp"

#include <gtest/gtest.h>

namespace weir::text {
namespace {

TEST(Unicode, KnowsTheClassesOfEachCategory) {
  EXPECT_EQ(properties(U'A'), upper);
  EXPECT_EQ(properties(0x01C5), upper);  // Lt: D with small z with caron
  EXPECT_EQ(properties(U'a'), lower);
  EXPECT_EQ(properties(0x02B0), caseless);        // Lm: modifier small h
  EXPECT_EQ(properties(0x05D0), caseless);        // Lo: alef
  EXPECT_EQ(properties(0x4E2D), caseless | cjk);  // Lo: a Han ideograph
  EXPECT_EQ(properties(0x0301), mark);
  EXPECT_EQ(properties(0x20DD), mark);  // Me
  EXPECT_EQ(properties(U'7'), number);
  EXPECT_EQ(properties(0x2167), number);  // Nl
  EXPECT_EQ(properties(0x00BD), number);  // No
  EXPECT_EQ(properties(U'_'), 0);
  EXPECT_EQ(properties(0x1F600), 0);
}

TEST(Unicode, WhiteSpaceIsTheTwentyFiveOfTheStandard) {
  unsigned count = 0;
  for (char32_t c = 0; c <= last_code_point; ++c) count += is_space(c);
  EXPECT_EQ(count, 25U);
  for (const char32_t c : {U'\t', U'\n', U'\v', U'\f', U'\r', U' ', char32_t{0x85}, char32_t{0xA0},
                           char32_t{0x2028}, char32_t{0x3000}}) {
    EXPECT_TRUE(is_space(c)) << static_cast<unsigned>(c);
  }
  EXPECT_FALSE(is_space(0x200B));
  EXPECT_FALSE(is_space(0xFEFF));
}

TEST(Unicode, IsVersionSixteen) {
  EXPECT_TRUE(is_upper(0xA7DA));    // new in 16: latin capital lambda
  EXPECT_TRUE(is_letter(0x105C0));  // Todhri
  EXPECT_TRUE(is_number(0x10D40));  // Garay digit zero
  EXPECT_FALSE(is_letter(0xA7CE));  // new in 17
  EXPECT_TRUE(to_lower(0x1C89) == 0x1C8AU);
}

TEST(Unicode, LowerCasesOneToOne) {
  EXPECT_TRUE(to_lower(U'A') == U'a');
  EXPECT_TRUE(to_lower(U'a') == U'a');
  EXPECT_TRUE(to_lower(U'[') == U'[');
  EXPECT_TRUE(to_lower(0x0416) == 0x0436U);
  EXPECT_TRUE(to_lower(0x212A) == U'k');  // Kelvin sign
  EXPECT_TRUE(to_lower(0x10400) == 0x10428U);
  EXPECT_TRUE(to_lower(0x110000) == 0x110000U);
}

TEST(Unicode, KnowsTheScriptsWithoutSpaces) {
  for (const unsigned c :
       {0x4E2DU, 0x3042U, 0x30ABU, 0x30FCU, 0xD55CU, 0x20000U, 0x323AFU, 0xFF76U}) {
    EXPECT_TRUE(is_cjk(c)) << c;
  }
  for (const unsigned c : {0x41U, 0x3002U, 0x0E01U, 0x2E7FU, 0x1F600U}) {
    EXPECT_FALSE(is_cjk(c)) << c;
  }
}

TEST(Unicode, WhatIsNoCodePointHasNoProperty) {
  EXPECT_EQ(properties(0x110000), 0);
  EXPECT_EQ(properties(0xFFFFFFFF), 0);
  EXPECT_EQ(properties(0x10FFFF), 0);
}

}  // namespace
}  // namespace weir::text
