#include "weir/provider/extract.hpp"

#include <gtest/gtest.h>

#include "weir/provider/markdown.hpp"

namespace weir::provider {
namespace {

prompt::Prompt prompt_of(std::string question, std::vector<Passage> passages) {
  prompt::Prompt prompt;
  prompt.question = std::move(question);
  prompt.passages = std::move(passages);
  return prompt;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const Passage parser = {"src/parser.hpp", 10, 16,
                        "/// Parses an event stream from bytes split anywhere.\n"
                        "class Parser {\n public:\n  void feed(std::string_view bytes);\n};\n"};
const Passage guide = {"docs/guide.md", 1, 5,
                       "# Streams\n\nEvents are parsed by `Parser`. See [the page](http://x).\n"};

TEST(Extract, SaysWhatItIsAndCitesWhatItShows) {
  const std::string answer =
      compose_extract(prompt_of("How is an event stream parsed?", {parser, guide}));
  EXPECT_EQ(answer.find("These are the passages that fit the question best; no language model is "
                        "configured."),
            0u);
  EXPECT_TRUE(holds(answer,
                    "**`src/parser.hpp`**, lines 10\xE2\x80\x93"
                    "16"));
  EXPECT_TRUE(holds(answer, "Parses an event stream from bytes split anywhere. [1]"));
  EXPECT_TRUE(holds(answer, "```cpp\nclass Parser {\n```"));
  EXPECT_TRUE(holds(answer, "*Streams*: Events are parsed by `Parser`. See the page. [2]"));
}

TEST(Extract, ReadsPagesAsDocumentsAndMarkupAsCode) {
  const Passage page = {"docs/streams.html", 4, 9,
                        "# Streams\n\nEvents are parsed by the parser, which takes bytes.\n"};
  const Passage markup = {"app/index.html", 1, 3,
                          "<main>\n  <p id=\"events\">Events are parsed.</p>\n</main>\n"};
  const std::string answer = compose_extract(prompt_of("How are events parsed?", {page, markup}));
  EXPECT_TRUE(holds(answer, "*Streams*: Events are parsed by the parser, which takes bytes. [1]"));
  EXPECT_TRUE(holds(answer, "```html\n<main>"));
}

TEST(Extract, SaysWhatToDoWhereNothingFits) {
  const std::string answer = compose_extract(prompt_of("Why?", {}));
  EXPECT_TRUE(holds(answer, "No passage"));
  EXPECT_TRUE(holds(answer, "Try other words"));
}

TEST(Extract, StreamsTheSameTextInSmallDeltasAndEnds) {
  const auto prompt = prompt_of("How is an event stream parsed?", {parser, guide});
  const auto stream = extract_answer(prompt);
  std::string text;
  std::size_t deltas = 0;
  while (true) {
    const stream::Event event = stream->next();
    if (const auto* delta = std::get_if<stream::Delta>(&event)) {
      EXPECT_FALSE(delta->text.empty());
      EXPECT_LE(delta->text.size(), 64u);
      text += delta->text;
      ++deltas;
      continue;
    }
    ASSERT_TRUE(std::holds_alternative<stream::Done>(event));
    EXPECT_EQ(std::get<stream::Done>(event).finish_reason, "stop");
    break;
  }
  EXPECT_EQ(text, compose_extract(prompt));
  EXPECT_GT(deltas, 10u);
}

TEST(Extract, LetsNoPassageSpeakMarkdownOrHtml) {
  const std::string answer = compose_extract(prompt_of(
      "alpha beta",
      {{"a`b.md", 1, 1, "alpha <img src=x onerror=alert(1)> [9] **beta** ![x](javascript:1)\n"},
       {"evil.js", 1, 4,
        "// alpha <script>alert(1)</script> beta\nconst a = `\n```\n<b>beta</b>`;\n"}}));
  EXPECT_TRUE(holds(answer, "alpha \\<img"));
  EXPECT_FALSE(holds(answer, " <img"));
  EXPECT_TRUE(holds(answer, "\\[9\\]"));
  EXPECT_FALSE(holds(answer, "javascript:1"));
  EXPECT_TRUE(holds(answer, "alpha \\<script>"));
  EXPECT_TRUE(holds(answer, "`` a`b.md ``"));
}

TEST(Extract, FallsBackToTheRetrievalsOrder) {
  const std::string answer = compose_extract(prompt_of("\xE6\xB5\x81", {parser, guide}));
  EXPECT_LT(answer.find("src/parser.hpp"), answer.find("docs/guide.md"));
}

TEST(Markdown, FencesLongerThanTheTextsOwn) {
  EXPECT_EQ(markdown::code_block("a\n````\nb", "c"), "`````c\na\n````\nb\n`````\n");
  EXPECT_EQ(markdown::code_span("a``b"), "``` a``b ```");
  EXPECT_EQ(markdown::code_span("plain"), "`plain`");
}

TEST(Markdown, KeepsTheWordsOfProse) {
  EXPECT_EQ(markdown::prose("snake_case and `a<b>`"), "snake_case and `a<b>`");
  EXPECT_EQ(markdown::prose("_it_ **is** *so*"), "\\_it\\_ is so");
  EXPECT_EQ(markdown::prose("char **argv, int *a, *b, a * b"),
            "char \\*\\*argv, int \\*a, \\*b, a \\* b");
  EXPECT_EQ(markdown::prose("# no\n- heading"), "\\# no - heading");
  EXPECT_EQ(markdown::prose("1. no list"), "1\\. no list");
  EXPECT_EQ(markdown::prose("a ``` b"), "a \\`\\`\\` b");
  EXPECT_EQ(markdown::prose("&lt;b&gt;"), "\\&lt;b\\&gt;");
}

}  // namespace
}  // namespace weir::provider
