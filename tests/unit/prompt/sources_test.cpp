#include "weir/prompt/sources.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/vocabularies.hpp"

namespace weir::prompt {
namespace {

const tokens::Encoding& encoding() {
  return tokens::embedded_encoding(tokens::EncodingName::o200k_base);
}

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "int number_" + std::to_string(i) + " = 0;\n";
  return text;
}

Passage at(std::string path, std::uint32_t line) {
  return {std::move(path), line, line + 1, "some text\nof two lines\n"};
}

std::vector<PassageRef> refs(const Sources& sources) {
  std::vector<PassageRef> refs;
  for (const Passage& passage : sources.kept()) refs.push_back(ref(passage));
  return refs;
}

constexpr std::size_t plenty = 100'000;

TEST(Sources, AreGroupedByFileInTheOrderOfTheirBestPassage) {
  Sources sources("?", {}, {at("b", 30), at("a", 5), at("b", 10), at("c", 1), at("a", 1)});
  sources.choose(plenty, encoding());
  EXPECT_EQ(refs(sources),
            (std::vector<PassageRef>{
                {"b", 10, 11}, {"b", 30, 31}, {"a", 1, 2}, {"a", 5, 6}, {"c", 1, 2}}));
  const std::string text = sources.text();
  EXPECT_LT(text.find("File b\n[1] lines 10-11\n"), text.find("[2] lines 30-31\n"));
  EXPECT_NE(text.find("File a\n[3] lines 1-2\n"), std::string::npos);
  EXPECT_EQ(text.find("File b", text.find("[2]")), std::string::npos) << "each file is named once";
}

TEST(Sources, BeginWithTheFileThatTheQuestionIsAbout) {
  Sources sources("?", Passage{"x.c", 1, 20, lines(20)}, {at("a", 1), at("x.c", 5), at("x.c", 40)});
  sources.choose(plenty, encoding());
  EXPECT_EQ(refs(sources), (std::vector<PassageRef>{{"x.c", 1, 20}, {"x.c", 40, 41}, {"a", 1, 2}}))
      << "what lies within it is not sent twice";
  EXPECT_TRUE(sources.dropped().empty());
}

TEST(Sources, CutTheFileAtALineAndLeaveRoomForPassages) {
  const Passage file = {"x.c", 1, 500, lines(500)};
  for (std::size_t room = 100; room < 2000; room += 171) {
    Sources sources("?", file, {at("a", 1), at("x.c", 499)});
    sources.choose(room, encoding());
    EXPECT_LE(encoding().count(sources.text()), room);
    const auto kept = sources.kept();
    ASSERT_FALSE(kept.empty()) << room;
    EXPECT_EQ(kept[0].path, "x.c");
    EXPECT_EQ(kept[0].text, file.text.substr(0, kept[0].text.size()));
    EXPECT_EQ(kept[0].text.back(), '\n');
    ASSERT_FALSE(sources.dropped().empty());
    EXPECT_EQ(sources.dropped()[0].passage, (PassageRef{"x.c", kept[0].end_line + 1, 500}));
    if (room > 400) {
      EXPECT_EQ(kept.size(), 3U) << "a passage beyond the cut is sent: " << room;
    }
  }
}

TEST(Sources, LeaveOutFromTheLowestRankUpThenTheFile) {
  Sources sources("?", Passage{"x.c", 1, 20, lines(20)}, {at("b", 1), at("a", 1), at("b", 9)});
  sources.choose(plenty, encoding());
  const std::vector<std::vector<PassageRef>> expected = {{{"x.c", 1, 20}, {"b", 1, 2}, {"a", 1, 2}},
                                                         {{"x.c", 1, 20}, {"b", 1, 2}},
                                                         {{"x.c", 1, 20}},
                                                         {}};
  for (const auto& each : expected) {
    EXPECT_TRUE(sources.choose_less());
    EXPECT_EQ(refs(sources), each);
  }
  EXPECT_FALSE(sources.choose_less());
  EXPECT_EQ(sources.text(), "");
  EXPECT_EQ(sources.dropped().size(), 4U);
}

TEST(Sources, ChooseAsMuchAsFits) {
  std::vector<Passage> passages;
  for (std::uint32_t i = 0; i < 30; ++i) passages.push_back(at(i % 3 == 0 ? "a" : "b", 10 * i + 1));
  Sources whole("?", {}, passages);
  whole.choose(plenty, encoding());
  const std::size_t all = encoding().count(whole.text());
  for (std::size_t room = 0; room <= all; ++room) {
    Sources sources("?", {}, passages);
    sources.choose(room, encoding());
    const std::size_t kept = sources.kept().size();
    EXPECT_LE(encoding().count(sources.text()), room);
    EXPECT_EQ(kept + sources.dropped().size(), 30U);
    if (kept == 30) {
      EXPECT_EQ(room, all) << "one token less is no room for all";
    }
  }
}

}  // namespace
}  // namespace weir::prompt
