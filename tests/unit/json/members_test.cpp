#include "weir/json/members.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "weir/base/random.hpp"
#include "weir/json/json.hpp"

namespace weir::json {
namespace {

constexpr std::array<std::string_view, 3> names = {"a", "b", "\xC3\xA9"};

TEST(Members, GivesTheTextOfEachMemberThatIsNamed) {
  Members members(names);
  ASSERT_TRUE(members.parse(R"( {"x":[{"a":7}], "a" : [1, "2"] ,"b":{"c":null}} )", 8));
  EXPECT_TRUE(members.is_object());
  EXPECT_EQ(members["a"].text(), R"([1, "2"])");
  EXPECT_EQ(members["b"].text(), R"({"c":null})");
  EXPECT_FALSE(members["\xC3\xA9"]);
  members.read(members["b"]);
  EXPECT_TRUE(members.is_object());
  EXPECT_FALSE(members["a"] || members["b"]);
}

TEST(Members, TellsTypesAndValues) {
  Members members(names);
  ASSERT_TRUE(members.parse(R"({"a":"\u00e9\n","b":-3.0,"\u00e9":[true,null,[0],""]})", 8));
  EXPECT_EQ(members["a"].string(), "\xC3\xA9\n");
  EXPECT_EQ(members["a"].integer_or(5), 5);
  EXPECT_TRUE(members["b"].is_number());
  EXPECT_EQ(members["b"].integer_or(5), -3);
  EXPECT_EQ(members["b"].string(), "");
  EXPECT_TRUE(members["b"].elements().empty());
  const auto elements = members["\xC3\xA9"].elements();
  ASSERT_EQ(elements.size(), 4u);
  EXPECT_TRUE(elements[0].is_boolean() && elements[0].is_true());
  EXPECT_TRUE(elements[1].is_null());
  EXPECT_TRUE(elements[2].is_array());
  EXPECT_TRUE(elements[3].is_string() && elements[3].string().empty());
  const ValueView none;
  EXPECT_FALSE(none || none.is_null() || none.is_string() || none.is_number());
  EXPECT_EQ(none.integer_or(5), 5);
}

TEST(Members, KeepsTheLastOfAName) {
  Members members(names);
  ASSERT_TRUE(members.parse(R"({"a":1,"b":2,"\u0061":3})", 8));
  EXPECT_EQ(members["a"].text(), "3");
  EXPECT_EQ(members["b"].text(), "2");
}

TEST(Members, HasNoneWhereTheJsonIsNoObject) {
  for (const char* text : {"[]", "3", "\"a\"", "null"}) {
    Members members(names);
    EXPECT_TRUE(members.parse(text, 8)) << text;
    EXPECT_FALSE(members.is_object() || members["a"]) << text;
  }
}

TEST(Members, FailsAsParseDoes) {
  for (const std::string text : {"", "{", "{\"a\":}", "{} x", "{\"a\":\"\xff\"}", "{\"a\":1e999}",
                                 "{\"a\":{\"b\":{}}}", "[[[]]]"}) {
    Members members(names);
    const auto parsed = members.parse(text, 2);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error(), parse(text, 2).error());
    EXPECT_FALSE(members.is_object());
  }
}

TEST(Members, ReadsTheFewTextsThatParseAloneTakes) {
  using namespace std::string_literals;
  for (const std::string& text :
       {"\xEF\xBB\xBF{\"a\":\"x\",\"a\":1e100}"s, "{\"a\" : 1E100}\0 and more"s}) {
    Members members(names);
    ASSERT_TRUE(members.parse(text, 1)) << text;
    EXPECT_EQ(members["a"].text(), "1e+100");
  }
}

/// A member's value as the tree has it, or "none".
std::string in_tree(const Value& object, std::string_view name) {
  const Value* value = find(object, name);
  return value ? write(*value) : "none";
}

std::string in_view(ValueView view) {
  return view ? write(*parse(view.text())) : "none";
}

TEST(Members, ReadsWhatParseReads) {
  const std::string_view parts[] = {
      "\"a\":", "\"b\":",       ",",     "{", "}",  "[",  "]",       "1", "-2.5", "1e400", "null",
      "true",   "\"\\u0061\":", "\"x\"", " ", "\"", "\\", "\xC3\xA9"};
  Random random(5);
  std::size_t read = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string text = R"({"a":[1,{"b":"\u00e9"}],"b":"x","\u00e9":{"a":null},"a":2})";
    for (std::uint64_t edits = random.below(4); edits > 0; --edits) {
      const auto at = static_cast<std::size_t>(random.below(text.size() + 1));
      const auto length = static_cast<std::size_t>(random.below(random.one_in(4) ? 20 : 2));
      text.replace(at, std::min(length, text.size() - at),
                   parts[static_cast<std::size_t>(random.below(std::size(parts)))]);
    }
    Members members(names);
    const auto parsed = members.parse(text, 4);
    const auto value = parse(text, 4);
    ASSERT_EQ(static_cast<bool>(parsed), static_cast<bool>(value)) << text;
    if (!value) {
      ASSERT_EQ(parsed.error(), value.error()) << text;
      continue;
    }
    ++read;
    ASSERT_EQ(members.is_object(), value->is_object()) << text;
    for (const std::string_view name : names) {
      ASSERT_EQ(in_view(members[name]), in_tree(*value, name)) << text;
    }
  }
  EXPECT_GT(read, 5'000u);
}

}  // namespace
}  // namespace weir::json
