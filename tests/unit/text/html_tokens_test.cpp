#include "weir/text/html_tokens.hpp"

#include <gtest/gtest.h>

namespace weir::text {
namespace {

using Kind = HtmlMarkup::Kind;

TEST(HtmlMarkup, IsATagWithItsAttributes) {
  const HtmlMarkup tag = html_markup("x<A Href='a>b' c>d", 1);
  EXPECT_EQ(tag.kind, Kind::opening);
  EXPECT_EQ(tag.name, "A");
  EXPECT_EQ(tag.attributes, " Href='a>b' c");
  EXPECT_EQ(tag.end, 17U);
  EXPECT_FALSE(tag.closes_itself);
  EXPECT_TRUE(html_markup("<br/>", 0).closes_itself);
  EXPECT_FALSE(html_markup("<a href=b/>", 0).closes_itself);
  EXPECT_EQ(html_markup("</p >", 0).kind, Kind::closing);
}

TEST(HtmlMarkup, IsACommentWhereItIsNoTag) {
  for (const std::string_view comment : {"<!-- > -->", "<!-->", "<!--->", "<!doctype html>",
                                         "<?xml?>", "</ p>", "</>", "<![CDATA[a]]>"}) {
    const HtmlMarkup markup = html_markup(comment, 0);
    EXPECT_EQ(markup.kind, Kind::comment) << comment;
    EXPECT_EQ(markup.end, comment.size()) << comment;
  }
}

TEST(HtmlMarkup, IsNoneWhereALessSignStands) {
  for (const std::string_view text : {"<", "< a", "<1", "</", "<="}) {
    EXPECT_EQ(html_markup(text, 0).kind, Kind::none) << text;
    EXPECT_EQ(html_markup(text, 0).end, 1U) << text;
  }
}

TEST(HtmlMarkup, EndsWithTheTextWhereItIsCut) {
  for (const std::string_view text : {"<a", "<a b", "<a b=", "<a b=\"c>", "<!-- a", "</a", "<?"})
    EXPECT_EQ(html_markup(text, 0).end, text.size()) << text;
}

TEST(RawContent, EndsAtItsOwnClosingTag) {
  EXPECT_EQ(raw_content_end("a</b></SCRIPTS></Script >", 0, "script"), 15U);
  EXPECT_EQ(raw_content_end("a</script", 0, "script"), 9U);
}

TEST(Attribute, IsFoundByItsName) {
  constexpr std::string_view attributes = " a=1 CLASS = \"b c\" d e='f' class=g/";
  EXPECT_EQ(attribute(attributes, "a"), "1");
  EXPECT_EQ(attribute(attributes, "class"), "b c");
  EXPECT_EQ(attribute(attributes, "d"), "d");
  EXPECT_EQ(attribute(attributes, "e"), "f");
  EXPECT_EQ(attribute(attributes, "b"), "");
  EXPECT_EQ(attribute("=", "a"), "");
}

TEST(CharacterReference, HasANameOrANumber) {
  EXPECT_EQ(character_reference("&lt;", 0).code_point, U'<');
  EXPECT_EQ(character_reference("a&rarr;", 1).code_point, U'\u2192');
  EXPECT_EQ(character_reference("&AElig;", 0).code_point, U'\u00C6');
  EXPECT_EQ(character_reference("&zwnj;", 0).length, 6U);
  EXPECT_EQ(character_reference("&#x1F600;", 0).code_point, U'\U0001F600');
  EXPECT_EQ(character_reference("&#65 ", 0).length, 4U);
  EXPECT_EQ(character_reference("&#128;", 0).code_point, U'\u20AC');
  for (const std::string_view none : {"&", "&;", "&#;", "&#x;", "&lt", "& lt;", "&LT x;"})
    EXPECT_EQ(character_reference(none, 0).length, 0U) << none;
}

}  // namespace
}  // namespace weir::text
