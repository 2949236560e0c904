#include "weir/retrieval/search.hpp"

#include <algorithm>

#include "support.hpp"

namespace weir::retrieval {
namespace {

TEST(Search, FindsTheFileThatDefinesAName) {
  const OpenPack pack(sample_files());
  const auto hits = ask(*pack, "What does parse_url do?");
  ASSERT_FALSE(hits.empty());
  EXPECT_EQ(hits[0].passage.path, "src/url_parser.c");
  EXPECT_EQ(hits[0].symbol, "parse_url");
  EXPECT_EQ(hits[0].passage.start_line, 1U);
  EXPECT_EQ(hits[0].passage.end_line, 6U);
}

TEST(Search, FindsWordsInsideCompounds) {
  const OpenPack pack(sample_files());
  EXPECT_EQ(paths(ask(*pack, "event loops"))[0], "src/event-loop.js");
  EXPECT_EQ(paths(ask(*pack, "run once"))[0], "src/event-loop.js");
}

TEST(Search, GivesAPageAsItIsRead) {
  std::string words;
  for (int i = 0; i < 40; ++i) words += "prose ";
  const std::string page =
      "<!doctype html>\n<html><h1>Borrowing</h1><p class=\"marginal\">" + words + "</p></html>\n";
  IndexBuilder builder({});
  ASSERT_EQ(builder.add("book/borrowing.html", as_bytes(page)), Admission::from_html);
  const auto bytes = std::move(builder).finish();
  ASSERT_TRUE(bytes);
  const auto pack = WholePack::open(*bytes);
  ASSERT_TRUE(pack);
  EXPECT_TRUE(ask(**pack, "marginal").empty());
  const auto hits = ask(**pack, "borrowing");
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].passage.text.substr(0, 17), "# Borrowing\nprose");
  EXPECT_EQ(hits[0].symbol, "Borrowing");
  EXPECT_EQ(hits[0].passage.start_line, 2U);
  EXPECT_EQ(hits[0].passage.end_line, 2U);
  const auto file = (*pack)->file(0);
  ASSERT_TRUE(file && *file);
  EXPECT_EQ((*file)->text.substr(0, 18), "\n# Borrowing prose");
  EXPECT_EQ((*file)->lines, 2U);
}

TEST(Search, FindsCjkText) {
  const OpenPack pack(sample_files());
  EXPECT_EQ(paths(ask(*pack, "\u975e\u540c\u671f")), (std::vector<std::string>{"i18n/ja.md"}));
}

TEST(Search, PutsChangelogsBehindOtherText) {
  const OpenPack pack(
      Files{{"CHANGELOG.md", "event loop"}, {"notes/loop.md", "event loop"}, {"x.c", "int x;"}});
  EXPECT_EQ(paths(ask(*pack, "event loop")),
            (std::vector<std::string>{"notes/loop.md", "CHANGELOG.md"}));
}

TEST(Search, FindsNothingForWordsThatAreNowhere) {
  const OpenPack pack(sample_files());
  EXPECT_TRUE(ask(*pack, "zebra").empty());
  EXPECT_TRUE(ask(*pack, "").empty());
  EXPECT_TRUE(ask(*pack, "event", 0).empty());
}

TEST(Search, MarksTheWordsOfTheQuestion) {
  const OpenPack pack(sample_files());
  const auto hits = ask(*pack, "what is the EventLoop");
  ASSERT_FALSE(hits.empty());
  const Hit& hit = hits[0];
  ASSERT_EQ(hit.matches.size(), 1U);
  EXPECT_EQ(
      hit.passage.text.substr(hit.matches[0].begin, hit.matches[0].end - hit.matches[0].begin),
      "EventLoop");
}

TEST(Search, KeepsToTheFilters) {
  const OpenPack pack(sample_files());
  Query query;
  query.text = "event loop";
  query.include = {"docs/", "*.js"};
  query.exclude = {"src/"};
  const auto hits = search(*pack, query);
  ASSERT_TRUE(hits);
  EXPECT_EQ(paths(*hits), (std::vector<std::string>{"docs/guide.md"}));
}

std::ptrdiff_t place(const std::vector<std::string>& list, std::string_view path) {
  return std::find(list.begin(), list.end(), path) - list.begin();
}

TEST(Search, BringsThePreferredFileForward) {
  const OpenPack pack(sample_files());
  Query query;
  query.text = "event loop";
  query.prefer_path = "docs/guide.md";
  EXPECT_LE(place(paths(*search(*pack, query)), "docs/guide.md"), 1);
  query.prefer_path = "i18n/ja.md";  // has none of the words
  EXPECT_LE(place(paths(*search(*pack, query)), "i18n/ja.md"), 2);
  query.prefer_path = "no/such/file";
  EXPECT_TRUE(search(*pack, query));
}

TEST(Search, LetsNoFileFillTheList) {
  std::string long_file;
  for (int i = 0; i < 400; ++i)
    long_file += "the widget registry keeps widgets in a registry of widgets\n";
  Files files = {{"big.c", long_file}};
  for (int i = 0; i < 5; ++i) files.push_back({"f" + std::to_string(i) + ".c", "int widget;\n"});
  const OpenPack pack(files);
  // Three chunks of it at most, which follow each other.
  const auto list = paths(ask(*pack, "widget registry", 8));
  EXPECT_EQ(std::count(list.begin(), list.end(), "big.c"), 1);
  EXPECT_EQ(list.size(), 6U);
  // But where there is nothing else, the one file may.
  EXPECT_EQ(ask(*pack, "registry", 8).size(), 3U);
}

TEST(Search, RanksInFallingScoresAndEqualOnesInThePacksOrder) {
  const OpenPack pack(Files{{"b.c", "int same;"}, {"a.c", "int same;"}, {"c.c", "int same;"}});
  const auto hits = ask(*pack, "same");
  EXPECT_EQ(paths(hits), (std::vector<std::string>{"a.c", "b.c", "c.c"}));
  for (std::size_t i = 1; i < hits.size(); ++i) EXPECT_LE(hits[i].score, hits[i - 1].score);
}

/// A repository in which words alone lead astray: both files have `entries` once.
Files files_of_a_cache() {
  return {
      {"a/paint.c", "void draw(void) {\n  // entries of the palette\n  color(brush, canvas);\n}\n"},
      {"b/store.c", "void erase(void) {\n  // entries\n  delete_key(cache, expired);\n}\n"}};
}

TEST(Search, TakesTheMeaningWhereWordsLeaveItOpen) {
  const OpenPack pack(files_of_a_cache());
  EXPECT_EQ(paths(ask(*pack, "remove old entries from the cached storage")).front(), "b/store.c");
}

TEST(Search, DrawsFilesOfOneNameTogether) {
  const OpenPack pack(Files{{"src/codec.c", "int decode_frame(int frame) { return frame; }\n"},
                            {"include/codec.h", "int other; /* frame */\n"},
                            {"x/misc.h", "int other; /* frame */\n"}});
  const auto list = paths(ask(*pack, "decode frame"));
  EXPECT_EQ(list, (std::vector<std::string>{"src/codec.c", "include/codec.h", "x/misc.h"}));
}

TEST(Search, PrefersManyOfTheQuestionsWordsToOneThatStandsOften) {
  Files files = {{"a/often.c", "int quux, quux, quux, quux;\n"},
                 {"b/many.c", "int quux, flim, flam;\n"}};
  for (int i = 0; i < 12; ++i)
    files.push_back({"c/f" + std::to_string(i) + ".c", "int flim, flam;\n"});
  const OpenPack pack(files);
  EXPECT_EQ(paths(ask(*pack, "quux flim flam")).front(), "b/many.c");
}

TEST(Search, PrefersFoldersInWhichMuchIsFound) {
  const OpenPack pack(Files{{"net/a.c", "int zork_blorb;\n"},
                            {"net/b.c", "int zork_blorb;\n"},
                            {"net/z.c", "int zork;\n"},
                            {"app/y.c", "int zork;\n"}});
  const auto list = paths(ask(*pack, "zork blorb"));
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[2], "net/z.c");
}

TEST(Search, FindsWhereANameIsDefined) {
  Files files = {{"lib/impl.c", "int dict_add_raw(int key) {\n  return key;\n}\n"}};
  for (int i = 0; i < 9; ++i) {
    const std::string name = "use" + std::to_string(i);
    files.push_back({name + ".c", "// dict_add_raw is defined elsewhere\nint " + name +
                                      "() {\n  return dict_add_raw(1) + dict_add_raw(2);\n}\n"});
  }
  const OpenPack pack(files);
  const auto hits = ask(*pack, "Where is dict_add_raw defined?");
  ASSERT_FALSE(hits.empty());
  EXPECT_EQ(hits[0].passage.path, "lib/impl.c");
  EXPECT_EQ(hits[0].symbol, "dict_add_raw");
}

TEST(Search, FindsCjkWordsInsideLongerRuns) {
  const OpenPack pack(Files{{"zh/a.md", "# 依赖注入系统\n\n这个框架的依赖注入非常强大。\n"},
                            {"zh/b.md", "# 请求体\n\n使用模型声明请求体。\n"},
                            {"ja/c.md", "# セキュリティ\n\nパスワードのハッシュ化。\n"}});
  EXPECT_EQ(paths(ask(*pack, "依赖注入怎么用")).front(), "zh/a.md");
  EXPECT_EQ(paths(ask(*pack, "如何声明请求体？")).front(), "zh/b.md");
  EXPECT_EQ(paths(ask(*pack, "パスワードをハッシュする方法")).front(), "ja/c.md");
}

std::vector<Hit> ask_both(const Pack& a, const Pack& b, std::string_view text) {
  const Pack* const packs[] = {&a, &b};
  Query query;
  query.text = text;
  auto hits = search(packs, query);
  EXPECT_TRUE(hits);
  return *std::move(hits);
}

TEST(Search, AsksSeveralPacksTogether) {
  const OpenPack one(sample_files());
  const OpenPack other(files_of_a_cache());
  const auto hits = ask_both(*one, *other, "parse url, delete key");
  ASSERT_FALSE(hits.empty());
  EXPECT_EQ(hits[0].pack == 0 ? "src/url_parser.c" : "b/store.c", hits[0].passage.path);
  EXPECT_EQ(ask_both(*one, *other, "canvas")[0].pack, 1U);
  EXPECT_EQ(ask_both(*one, *other, "address")[0].pack, 0U);
  for (std::size_t i = 1; i < hits.size(); ++i) EXPECT_LE(hits[i].score, hits[i - 1].score);
}

TEST(Search, CountsATermAsRareAsItIsInAllPacks) {
  // `token` is everywhere in the first pack and rare in the second; `quorum` is rare in both.
  Files common, rare;
  for (int i = 0; i < 20; ++i) {
    common.push_back({"c" + std::to_string(i) + ".c", "int token;\n"});
    rare.push_back({"r" + std::to_string(i) + ".c", "int other;\n"});
  }
  common.push_back({"quorum.c", "int quorum;\n"});
  rare.push_back({"lonely.c", "int token;\n"});
  const OpenPack a(common), b(rare);
  EXPECT_EQ(ask_both(*a, *b, "token quorum")[0].passage.path, "quorum.c");
}

TEST(Search, OfThePackTwiceFindsEverythingTwice) {
  const OpenPack pack(sample_files());
  const auto once = ask(*pack, "event loop"), twice = ask_both(*pack, *pack, "event loop");
  ASSERT_GE(twice.size(), 2U);
  EXPECT_EQ(twice[0].passage.path, once[0].passage.path);
  EXPECT_EQ(twice[1].passage.path, once[0].passage.path);
  EXPECT_EQ(twice[0].pack + twice[1].pack, 1U);
}

TEST(Search, RefusesAQuestionBeyondTheLimit) {
  const OpenPack pack(sample_files());
  Query query;
  query.text.assign((16 << 10) + 1, 'a');
  const auto hits = search(*pack, query);
  ASSERT_FALSE(hits);
  EXPECT_EQ(hits.error().code, ErrorCode::invalid_request);
}

/// Some chunks of text; `word` stands in those that are named.
std::string chunks_with(std::string_view word, const std::vector<int>& where, int count) {
  std::string text;
  for (int chunk = 0; chunk < count; ++chunk) {
    text += "## Part " + std::to_string(chunk) + "\n\n";
    for (int line = 0; line < 20; ++line)
      text += "Line " + std::to_string(line) + " of part " + std::to_string(chunk) +
              " says nothing of it, at some length, so that it fills up.\n";
    if (std::find(where.begin(), where.end(), chunk) != where.end())
      text += std::string(word) + " is told of here.\n";
    text += "\n\n";
  }
  return text;
}

TEST(Search, JoinsPassagesThatFollowEachOther) {
  const std::string text = chunks_with("Zorkmid", {2, 3, 7}, 9);
  const OpenPack pack(Files{{"a.md", text}, {"b.md", "# Other\n\nNothing.\n"}});
  const auto hits = ask(*pack, "zorkmid");
  ASSERT_EQ(hits.size(), 2U);
  for (const Hit& hit : hits) {
    // The text is that of its lines, whatever blocks it came from.
    std::size_t at = 0;
    for (std::uint32_t line = 1; line < hit.passage.start_line; ++line)
      at = text.find('\n', at) + 1;
    EXPECT_EQ(text.substr(at, hit.passage.text.size()), hit.passage.text);
    EXPECT_EQ(hit.passage.end_line - hit.passage.start_line,
              std::count(hit.passage.text.begin(), hit.passage.text.end() - 1, '\n'));
  }
  const auto joined = std::find_if(hits.begin(), hits.end(),
                                   [](const Hit& hit) { return hit.matches.size() == 2; });
  ASSERT_NE(joined, hits.end());
  EXPECT_NE(joined->passage.text.find("## Part 3"), std::string::npos);
}

TEST(Search, SaysWhyAPassageWasFound) {
  const OpenPack pack(sample_files());
  const auto hits = ask(*pack, "How is parse_url run on an address?");
  ASSERT_FALSE(hits.empty());
  EXPECT_EQ(hits.front().passage.path, "src/url_parser.c");
  EXPECT_EQ(hits.front().found_by.words, (std::vector<std::string>{"url", "address", "parse_url"}));
  EXPECT_TRUE(hits.front().found_by.name);
  for (const Hit& hit : ask(*pack, "event loop")) EXPECT_FALSE(hit.found_by.words.empty());
}

}  // namespace
}  // namespace weir::retrieval
