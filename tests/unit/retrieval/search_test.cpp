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
  const auto list = paths(ask(*pack, "widget registry", 8));
  ASSERT_EQ(list.size(), 8U);
  EXPECT_EQ(std::count(list.begin(), list.end(), "big.c"), 3);
  // But where there is nothing else, the one file may.
  EXPECT_EQ(ask(*pack, "registry", 8).size(), 8U);
}

TEST(Search, RanksInFallingScoresAndEqualOnesInThePacksOrder) {
  const OpenPack pack(Files{{"b.c", "int same;"}, {"a.c", "int same;"}, {"c.c", "int same;"}});
  const auto hits = ask(*pack, "same");
  EXPECT_EQ(paths(hits), (std::vector<std::string>{"a.c", "b.c", "c.c"}));
  for (std::size_t i = 1; i < hits.size(); ++i) EXPECT_LE(hits[i].score, hits[i - 1].score);
}

TEST(Search, RefusesAQuestionBeyondTheLimit) {
  const OpenPack pack(sample_files());
  Query query;
  query.text.assign((16 << 10) + 1, 'a');
  const auto hits = search(*pack, query);
  ASSERT_FALSE(hits);
  EXPECT_EQ(hits.error().code, ErrorCode::invalid_request);
}

}  // namespace
}  // namespace weir::retrieval
