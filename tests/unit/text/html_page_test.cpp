#include "weir/text/html_page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "weir/base/random.hpp"
#include "weir/text/utf8.hpp"

namespace weir::text {
namespace {

/// Enough to be read for a page; of one line.
std::string prose() {
  std::string text = "<p>";
  for (int i = 0; i < 40; ++i) text += "prose ";
  return text + "</p>";
}

/// What becomes of a piece of a page; `~` stands for a soft break.
std::string of(std::string_view piece) {
  const auto text = page_text("<!DOCTYPE html>\n" + prose() + "\n" + std::string(piece));
  if (!text) return "no page";
  const std::size_t begin = text->find('\n', 1);
  std::string rest = text->substr(begin + 1);
  std::replace(rest.begin(), rest.end(), soft_break, '~');
  return rest;
}

std::size_t line_feeds(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(PageText, IsWhatAReaderSees) {
  EXPECT_EQ(of("one <b>t</b>wo<!-- not\nthis --> <a href='x>y'>three</a>"), "one two\nthree");
  EXPECT_EQ(of("a<style>p {}</style><script>if (a < b) '</scripty>'</script>b"), "ab");
  EXPECT_EQ(of("a<svg><title>x</title><g/></svg>b<button>Copy</button>c"), "a b c");
  EXPECT_EQ(of("1 < 2 && a<3"), "1 < 2 && a<3");
  EXPECT_EQ(of("std::<wbr>vector"), "std::vector");
}

TEST(PageText, DecodesCharacterReferences) {
  EXPECT_EQ(of("&lt;T&gt; &amp;amp; &eacute;&#233;&#xE9; &mdash;"), "<T> &amp; ééé —");
  EXPECT_EQ(of("&nosuch; &amp &; &#; &#x;"), "&nosuch; &amp &; &#; &#x;");
  EXPECT_EQ(of("a&nbsp;b&#10;c&shy;d&#146;"), "a b cd\u2019");
  EXPECT_EQ(of("&#0;&#xD800;&#99999999999999;"), "\uFFFD\uFFFD\uFFFD");
}

TEST(PageText, HasHeadingsOfMarkdown) {
  EXPECT_EQ(of("<title>A</title>\n<h1 class=x><span>B</span></h1>\n<h6>C</h6>"),
            "# A\n# B\n###### C");
  EXPECT_EQ(of("<h2>\n Long\n title\n</h2>text\n<h3></h3>\nnext"),
            "## Long title\n\n\ntext\n\nnext");
  EXPECT_EQ(of("x<h2>B</h2>c<h3>D"), "x~## B~c~### D");
  EXPECT_EQ(of("<dl><dt id=f>f(a)</dt><dd>does</dd><dt>plain</dt></dl>"), "##### f(a)~does~plain");
}

TEST(PageText, HasNothingElseThatLooksLikeAHeading) {
  EXPECT_EQ(of("<p># no\n<pre># no\n## no\n#include\n# <b>no</b></pre>"),
            " # no\n # no\n ## no\n#include\n # no");
  EXPECT_EQ(of("&#35; no"), " # no");
}

TEST(PageText, PartsItemsCellsAndBlocks) {
  EXPECT_EQ(of("<ul><li>a<li><p>b</p></li><li></li></ul>c<br>d<hr>e"), "- a~- b~c~d~e");
  EXPECT_EQ(of("<table><tr><th>a</th><td>b</td></tr>\n<tr><td>c<td>d</table>"), "a | b\nc | d");
  EXPECT_EQ(of("<div>a</div><div>b</div>"), "a~b");
}

TEST(PageText, KeepsTheLayoutOfPreformattedText) {
  EXPECT_EQ(of("<pre>int  a;\n    b<i>c</i>;\r\n\n\td</pre>e   f"), "int  a;\n    bc;\n\n\td~e f");
}

TEST(PageText, LeavesOutWhatStandsOnEveryPage) {
  EXPECT_EQ(of("<nav><ul><li>x</nav>a<footer>y</footer>"), "a");
  EXPECT_EQ(of("<div class='a sidebar'><div>x</div>y</div>a<div role=navigation>z</div>"), "a");
  EXPECT_EQ(of("<h2>A<a class=\"headerlink\" href=\"#a\">\u00B6</a></h2>"), "## A");
  EXPECT_EQ(of("<section class=has-sidebar>a</section>"), "a");
}

TEST(PageText, ReadsItAfterAllWhereThePageIsInIt) {
  EXPECT_EQ(of("<div class=sidebar>x<main>a</main></div>"), "x~a");
  EXPECT_EQ(of("<nav>never closed"), "never closed");
  const auto contents = page_text("<html><title>T</title><nav>" + prose() + "</nav>");
  ASSERT_TRUE(contents);
  EXPECT_NE(contents->find("prose prose"), std::string::npos);
}

TEST(PageText, KeepsEachLineWhereItWas) {
  const std::string page = "\n<!-- a\n -->\n<html\nlang=en>\n<h1>a\nb</h1\n>" + prose() +
                           "<nav>\n<a\n></nav>\n<script>\n\n</script>&#10;<pre>\n\n</pre>\nend";
  const auto text = page_text(page);
  ASSERT_TRUE(text);
  EXPECT_EQ(line_feeds(*text), line_feeds(page));
  EXPECT_EQ(line_feeds(text->substr(0, text->find("end"))),
            line_feeds(page.substr(0, page.rfind("end"))));
}

TEST(PageText, IsThatOfDocumentsAlone) {
  EXPECT_TRUE(page_text("<!-- x --> <?xml version='1.0'?>\n<!doctype HTML>" + prose()));
  EXPECT_TRUE(page_text("<HTML>" + prose()));
  EXPECT_FALSE(page_text(prose()));
  EXPECT_FALSE(page_text("text <html>" + prose()));
  EXPECT_FALSE(page_text("{% load static %}<!doctype html>" + prose()));
  EXPECT_FALSE(page_text(""));
  EXPECT_FALSE(page_text("<!--"));
}

TEST(PageText, LeavesThePagesOfProgramsAsTheyAre) {
  // The shell of an application.
  EXPECT_FALSE(
      page_text("<!doctype html><html><head><title>App</title></head><body>"
                "<div id=\"root\"></div><script type=module src=/main.js></script>"));
  // A demonstration: mostly script.
  EXPECT_FALSE(page_text("<html>" + prose() + "<script>" + std::string(400, 'x') + "</script>"));
  EXPECT_TRUE(page_text("<html>" + prose() + "<script type=application/json>" +
                        std::string(400, 'x') + "</script>"));
  // Forms.
  std::string form = "<html>" + prose();
  for (int i = 0; i < 10; ++i) form += "<label>Name <input name=a></label>";
  EXPECT_FALSE(page_text(form));
  // Drawings.
  EXPECT_FALSE(
      page_text("<html>" + prose() + "<svg><path d='" + std::string(100'000, '1') + "'/></svg>"));
}

TEST(PageText, LeavesTemplatesAsTheyAre) {
  EXPECT_FALSE(page_text("<html>" + prose() + "{% block a %}{{ a }}{% endblock %}"));
  EXPECT_FALSE(page_text("<html>" + prose() + "<?php a ?><a href='<%= b %>'><%= c %>"));
  EXPECT_TRUE(page_text("<html>" + prose() + "<code>{{ a }}</code><pre>{% b %} {{ c }}</pre>"));
}

TEST(PageText, TakesDamagedMarkup) {
  EXPECT_EQ(of("a<b"), "a");
  EXPECT_EQ(of("a<b c=\"d>e"), "a");
  EXPECT_EQ(of("a<!-- b"), "a");
  EXPECT_EQ(of("a<script>b"), "a");
  EXPECT_EQ(of("a</>b</ c>d<!x>e<"), "abde<");
  EXPECT_EQ(of("</pre></code></li></h1>a"), "a");
}

TEST(PageText, IsUtf8AndNotMuchLongerWhateverStandsThere) {
  constexpr std::string_view pieces[] = {
      "<h6>",   "</h6>", "<li>", "<td>", "a", "\n",  " ",    "&#35;", "<nav>",    "</nav>", "<pre>",
      "</pre>", "<!--",  "-->",  "<",    ">", "'",   "=",    "&",     "<script>", "\"",     "é",
      "<br>",   "<div ", "/>",   "{{",   "#", "<dt", " id=", "<main", "</",       "\t"};
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    std::string page = "<html>" + prose();
    for (int i = 0; i < 60; ++i) page += pieces[random.below(std::size(pieces))];
    const auto text = page_text(page);
    if (!text) continue;
    EXPECT_TRUE(is_valid_utf8(*text)) << seed;
    EXPECT_EQ(line_feeds(*text), line_feeds(page)) << seed;
    EXPECT_LE(text->size(), 3 * page.size()) << seed;
  }
}

TEST(PageText, CanBeReadOrHaveTheSourcesLines) {
  EXPECT_EQ(to_be_read("a\vb\n\n\n\nc\n\nd\n\v"), "a\nb\n\nc\n\nd\n\n");
  EXPECT_EQ(in_source_lines("a\vb\n\n\n\nc"), "a b\n\n\n\nc");
}

TEST(PageText, TakesTimeInProportion) {
  // Each of these would take minutes if every piece looked to the end of the page.
  for (const std::string_view piece :
       {"<", "<a b='", "<!--", "<script>", "</", "&", "&#1", "#", "<nav>", "<div class=sidebar>",
        "<a =\"", "<pre>", "<h1>", "<title>", "<x/"}) {
    std::string page = "<html>" + prose();
    while (page.size() < 2'000'000) page += piece;
    (void)page_text(page);
  }
}

}  // namespace
}  // namespace weir::text
