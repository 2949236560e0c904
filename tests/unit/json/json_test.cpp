#include "weir/json/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::json {
namespace {

std::string as_json(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

TEST(JsonParse, KeepsTheOrderOfMembers) {
  const auto value = parse(R"({"b":1,"a":[true,null,"x"]})");
  ASSERT_TRUE(value);
  EXPECT_EQ(write(*value), R"({"b":1,"a":[true,null,"x"]})");
}

TEST(JsonParse, SaysWhereTheTextIsBroken) {
  for (const char* text : {"", "{", "{\"a\":}", "[1,]", "nul", "{} x", "\"\xff\"", "1e999"}) {
    const auto value = parse(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().code, ErrorCode::invalid_request);
    EXPECT_NE(value.error().message.find("byte"), std::string::npos);
  }
}

TEST(JsonParse, RefusesDepthBeforeItCostsAnything) {
  const std::string deep(1'000'000, '[');
  EXPECT_EQ(parse(deep, 32).error().message, "The JSON is nested deeper than 32 levels.");
  EXPECT_TRUE(parse("[[[]]]", 3));
  EXPECT_FALSE(parse("[[[]]]", 2));
  EXPECT_TRUE(parse("[[],[],[]]", 2));
}

TEST(JsonWrite, EscapesLikeNlohmann) {
  for (const std::string& text :
       {std::string("plain"), std::string("a\"b\\c\n\t\r\x01\x7f"),
        std::string("h\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"), std::string("nul\0byte", 8)}) {
    const auto back = parse(as_json(text));
    ASSERT_TRUE(back) << as_json(text);
    EXPECT_EQ(back->get<std::string>(), text);
  }
}

TEST(JsonWrite, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(as_json("a\xff"
                    "b"),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(as_json("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // a surrogate
  EXPECT_EQ(as_json("\xC3"), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(write(Value("\xC3")), "\"\xEF\xBF\xBD\"");
}

TEST(JsonRead, FallsBackWhereTheTypeIsAnother) {
  const auto value =
      parse(R"({"s":"x","n":3,"f":3.0,"h":3.5,"b":true,"big":18446744073709551615})");
  ASSERT_TRUE(value);
  EXPECT_EQ(string_or(*value, "s", "y"), "x");
  EXPECT_EQ(string_or(*value, "n", "y"), "y");
  EXPECT_EQ(integer_or(*value, "n", -1), 3);
  EXPECT_EQ(integer_or(*value, "f", -1), 3);
  EXPECT_EQ(integer_or(*value, "h", -1), -1);
  EXPECT_EQ(integer_or(*value, "big", -1), -1);
  EXPECT_TRUE(boolean_or(*value, "b", false));
  EXPECT_FALSE(boolean_or(*value, "missing", false));
  EXPECT_EQ(find(Value(3), "x"), nullptr);
}

}  // namespace
}  // namespace weir::json
