#include "weir/text/utf8.hpp"

#include <gtest/gtest.h>

namespace weir::text {
namespace {

std::string replaced(std::string_view text) {
  std::string out;
  append_replaced(out, text);
  return out;
}

const std::string bad = "\xEF\xBF\xBD";

TEST(Utf8, EveryCodePointSurvivesTheRoundTrip) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, c);
    const Decoded decoded = decode(text, 0);
    ASSERT_TRUE(decoded.valid) << static_cast<unsigned>(c);
    ASSERT_TRUE(decoded.code_point == c);
    ASSERT_EQ(decoded.length, text.size());
    ASSERT_TRUE(decode_valid(text, 0).code_point == c);
  }
}

TEST(Utf8, WhatIsNoScalarValueIsWrittenAsReplacement) {
  for (const char32_t c : {char32_t{0xD800}, char32_t{0xDFFF}, char32_t{0x110000}}) {
    std::string text;
    append_utf8(text, c);
    EXPECT_EQ(text, bad);
  }
}

// Unicode Standard, tables 3-8 to 3-11.
TEST(Utf8, EachMaximalSubpartBecomesOneReplacement) {
  const std::string b2 = bad + bad, b3 = b2 + bad, b4 = b2 + b2;
  EXPECT_EQ(replaced("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), b4 + b4 + "A");
  EXPECT_EQ(replaced("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), b4 + b4 + "A");
  EXPECT_EQ(replaced("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), b4 + bad + "A" + b2 + "B");
  EXPECT_EQ(replaced("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), b4 + "A");
  EXPECT_EQ(replaced("\xE2\x82"), bad);
  EXPECT_EQ(replaced("a\xE2\x82\xAC"
                     "b"),
            "a\xE2\x82\xAC"
            "b");
  EXPECT_EQ(replaced("\xF5\x80\x80"), b3);
}

TEST(Utf8, FindsTheFirstByteThatIsWrong) {
  const std::string text = "plain text, long enough, then h\xC3\xA9 and then ";
  EXPECT_EQ(valid_prefix(text), text.size());
  for (std::size_t at = 0; at <= text.size(); ++at) {
    std::string broken = text;
    broken.insert(at, "\xFF");
    EXPECT_EQ(valid_prefix(broken), utf8_floor(text, at)) << at;
  }
}

TEST(Utf8, CutsNeverDivideACodePoint) {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
  const std::size_t floors[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
  for (std::size_t n = 0; n < std::size(floors); ++n)
    EXPECT_EQ(utf8_floor(text, n), floors[n]) << n;
  EXPECT_EQ(utf8_floor(text, 1000), text.size());
  EXPECT_EQ(utf8_floor("\x80\x80\x80\x80\x80", 4), 4U);
}

TEST(Utf8, KnowsWhatMoreBytesCouldComplete) {
  EXPECT_EQ(incomplete_suffix(""), 0U);
  EXPECT_EQ(incomplete_suffix("a"), 0U);
  EXPECT_EQ(incomplete_suffix("a\xC3"), 1U);
  EXPECT_EQ(incomplete_suffix("\xC3\xA9"), 0U);
  EXPECT_EQ(incomplete_suffix("\xE2\x82"), 2U);
  EXPECT_EQ(incomplete_suffix("\xF0\x9F\x98"), 3U);
  EXPECT_EQ(incomplete_suffix("\xED\xA0"), 0U);  // would be a surrogate
  EXPECT_EQ(incomplete_suffix("\xF0\x9F\x98\x80"), 0U);
  EXPECT_EQ(incomplete_suffix("\xC0"), 0U);
}

TEST(Utf8, CountsUtf16Units) {
  EXPECT_EQ(utf16_units(""), 0U);
  EXPECT_EQ(utf16_units("a\xC3\xA9\xE4\xB8\xAD"), 3U);
  EXPECT_EQ(utf16_units("\xF0\x9F\x98\x80!"), 3U);
}

}  // namespace
}  // namespace weir::text
