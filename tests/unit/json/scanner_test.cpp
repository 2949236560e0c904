#include "weir/json/scanner.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/random.hpp"

namespace weir::json {
namespace {

bool passes(std::string_view text) {
  Scanner scan(text);
  return scan.skip() && scan.whole();
}

TEST(Scanner, PassesWhatIsJsonAndNothingElse) {
  for (const char* text :
       {"{}", "[]", " [1, -2.5e+3 ,true,false,null,\"x\"] ", R"({"a":{"b":[{},[]]},"c":"d"})", "0",
        "\"h\xC3\xA9\"", R"("\u00e9\ud83d\ude00\n\"")", "[[[[]]]]"}) {
    EXPECT_TRUE(passes(text)) << text;
    EXPECT_TRUE(parse(text)) << text;
  }
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "[1,]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "[1 2]",
                           "nul",
                           "truex",
                           "01",
                           "1.",
                           ".5",
                           "1e",
                           "-",
                           "+1",
                           "\"\xff\"",
                           "\"\t\"",
                           R"("\x")",
                           R"("\ud800")",
                           R"("\ude00")",
                           R"("\u12")",
                           "\"open",
                           "{} {}",
                           "[1]]",
                           "1e999",
                           "\"\xED\xA0\x80\""}) {
    EXPECT_FALSE(passes(text)) << text;
    EXPECT_FALSE(parse(text)) << text;
  }
}

TEST(Scanner, TakesTheNumbersThatADoubleHolds) {
  const std::string long_one = "1" + std::string(300, '0');
  for (const std::string& text :
       std::vector<std::string>{"1e100", "1e-400", "-1E+0099", "1e308", long_one}) {
    EXPECT_TRUE(passes(text)) << text;
    EXPECT_TRUE(parse(text)) << text;
  }
  for (const std::string& text :
       std::vector<std::string>{"1e309", "-1e0400", "[1e999]", long_one + "e9"}) {
    EXPECT_FALSE(passes(text)) << text;
    EXPECT_FALSE(parse(text)) << text;
  }
}

TEST(Scanner, BoundsItsDepth) {
  EXPECT_TRUE(passes(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(passes(std::string(65, '[') + std::string(65, ']')));
  EXPECT_FALSE(passes(std::string(1'000'000, '[')));
}

TEST(Scanner, GivesMembersAndWhatStringsStandFor) {
  Scanner scan(R"( {"a" : "x\n\u20ac\ud83d\ude00", "b\u0062": [0, null, "z"], "c": {"d": 1}} )");
  std::string_view name;
  std::string text;
  ASSERT_TRUE(scan.begin_object());
  ASSERT_TRUE(scan.next_member(name));
  EXPECT_EQ(name, "a");
  EXPECT_FALSE(scan.take_null());
  std::uint64_t number = 7;
  EXPECT_FALSE(scan.take_whole_number(number));
  ASSERT_TRUE(scan.append_string(text));
  EXPECT_EQ(text, "x\n\xE2\x82\xAC\xF0\x9F\x98\x80");
  ASSERT_TRUE(scan.next_member(name));
  EXPECT_EQ(name, "bb");
  ASSERT_TRUE(scan.begin_array());
  EXPECT_TRUE(scan.next_element() && scan.take_whole_number(number));
  EXPECT_EQ(number, 0u);
  EXPECT_TRUE(scan.next_element() && scan.take_null());
  EXPECT_TRUE(scan.next_element() && scan.skip());
  EXPECT_FALSE(scan.next_element());
  ASSERT_TRUE(scan.next_member(name));
  ASSERT_TRUE(scan.skip());
  EXPECT_FALSE(scan.next_member(name));
  EXPECT_TRUE(scan.whole());
}

TEST(Scanner, TakesWholeNumbersOfDigitsAlone) {
  for (const char* text : {"0", "7", "120", "999999999999999999"}) {
    std::uint64_t number = 0;
    Scanner scan(text);
    EXPECT_TRUE(scan.take_whole_number(number) && scan.whole()) << text;
    EXPECT_EQ(std::to_string(number), text);
  }
  for (const char* text : {"00", "01", "0.0", "1.", "0e1", "3E1", "-0", "-1", "+1", "null", "\"0\"",
                           "", "1000000000000000000"}) {
    std::uint64_t number = 7;
    EXPECT_FALSE(Scanner(text).take_whole_number(number)) << text;
    EXPECT_EQ(number, 7u) << text;
  }
}

TEST(Scanner, ReadsStringsAsParseDoesWhateverStandsInThem) {
  Random random(1);
  const std::string_view parts[] = {"a",        "bcdefghij", "\\n",     "\\u00e9", "\\ud83d\\ude00",
                                    "\xC3\xA9", "\xFF",      "\\ud800", "\x1F",    "\xE2\x82\xAC",
                                    "\\\"",     "\x7F",      "\xC3",    "\\q"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text = "\"";
    for (std::uint64_t left = random.below(12); left > 0; --left) {
      text +=
          parts[static_cast<std::size_t>(random.below(random.one_in(8) ? std::size(parts) : 6))];
    }
    text += '"';
    std::string got;
    Scanner scan(text);
    const bool taken = scan.append_string(got) && scan.whole();
    const auto value = parse(text);
    ASSERT_EQ(taken, static_cast<bool>(value)) << text;
    if (!taken) continue;
    ASSERT_EQ(got, value->get<std::string>()) << text;
  }
}

}  // namespace
}  // namespace weir::json
