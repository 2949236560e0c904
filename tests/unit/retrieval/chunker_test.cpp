#include "weir/retrieval/chunker.hpp"

#include <gtest/gtest.h>

#include <string>

#include "weir/base/random.hpp"

namespace weir::retrieval {
namespace {

std::string repeated(std::string_view line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line;
  return text;
}

TEST(Chunker, KeepsAShortFileInOnePiece) {
  const std::string text = "\nint a;\nint b;\n\n\n";
  const auto chunks = split_chunks(text, FileForm::code);
  ASSERT_EQ(chunks.size(), 1U);
  EXPECT_EQ(text.substr(chunks[0].begin, chunks[0].end - chunks[0].begin), "int a;\nint b;");
  EXPECT_EQ(chunks[0].start_line, 2U);
  EXPECT_EQ(chunks[0].end_line, 3U);
}

TEST(Chunker, HasNoChunkForBlankText) {
  EXPECT_TRUE(split_chunks("", FileForm::code).empty());
  EXPECT_TRUE(split_chunks("\n  \n\t\n", FileForm::markdown).empty());
}

TEST(Chunker, PartsThePagesLinesAtSoftBreaks) {
  std::string text = "# Title\n\v";
  for (int i = 0; i < 8; ++i)
    text += "\v## Part " + std::to_string(i) + "\v" + repeated("some words of prose ", 60);
  text += "\nend";
  const auto chunks = split_chunks(text, FileForm::html);
  ASSERT_GT(chunks.size(), 4U);
  EXPECT_EQ(chunks.front().start_line, 1U);
  for (std::size_t i = 1; i < chunks.size(); ++i) {
    EXPECT_EQ(text.substr(chunks[i].begin, 3), "## ");
    EXPECT_EQ(chunks[i].start_line, 2U);
  }
  EXPECT_EQ(chunks.back().end_line, 3U);
  EXPECT_EQ(split_chunks(text, FileForm::code).front().end_line, 1U);
}

TEST(Chunker, TakesNoRoomForAPagesBlankLines) {
  const std::string text = repeated("words\n" + std::string(100, '\n'), 30);
  EXPECT_EQ(split_chunks(text, FileForm::html).size(), 1U);
}

TEST(Chunker, BeginsChunksAtDeclarations) {
  std::string text;
  for (int i = 0; i < 8; ++i) {
    text += "def function_" + std::to_string(i) + "():\n" +
            repeated("    some_call(with_arguments)\n", 30) + "\n";
  }
  for (const Chunk& chunk : split_chunks(text, FileForm::code)) {
    EXPECT_EQ(text.substr(chunk.begin, 4), "def ") << chunk.start_line;
  }
}

TEST(Chunker, BeginsChunksAtHeadings) {
  std::string text;
  for (int i = 0; i < 6; ++i) {
    text += "## Part " + std::to_string(i) + "\n\n" +
            repeated("Some words that fill a line of prose.\n\n", 28);
  }
  for (const Chunk& chunk : split_chunks(text, FileForm::markdown)) {
    EXPECT_EQ(text.substr(chunk.begin, 3), "## ") << chunk.start_line;
  }
}

TEST(Chunker, CutsOnlyMonsterLinesAndThemBetweenCharacters) {
  const std::string long_line = std::string(8000, 'x') + "\n";
  EXPECT_EQ(split_chunks(long_line, FileForm::code).size(), 1U);
  const std::string monster = repeated("\u00e9", 9000);
  const auto chunks = split_chunks(monster, FileForm::code);
  ASSERT_EQ(chunks.size(), 5U);
  EXPECT_EQ(chunks[0].end, 4400U);
  EXPECT_EQ(chunks[4].end, monster.size());
  EXPECT_EQ(chunks[4].start_line, 1U);
}

/// Whatever the text: chunks are in order, whole lines, and all that is not blank lies in one.
TEST(Chunker, LosesNothing) {
  const std::string_view pieces[] = {"\n",    "}\n",           "  if (a) {\n", "class B:\n",
                                     "   \n", "# head\n",      "x = 1",        "\n\n\n",
                                     "\r\n",  "\u975e\u540c\n"};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    std::string text;
    for (int i = 0; i < 400; ++i) text += pieces[random.below(std::size(pieces))];
    if (random.one_in(3)) text += std::string(9000, 'y') + "\nend";
    std::string rest = text;
    std::size_t last_end = 0;
    for (const Chunk& chunk : split_chunks(text, seed % 2 ? FileForm::code : FileForm::markdown)) {
      ASSERT_LE(last_end, chunk.begin);
      ASSERT_LT(chunk.begin, chunk.end);
      ASSERT_LE(chunk.start_line, chunk.end_line);
      for (std::size_t at = chunk.begin; at < chunk.end; ++at) rest[at] = ' ';
      last_end = chunk.end;
    }
    EXPECT_EQ(rest.find_first_not_of(" \n\r"), std::string::npos) << seed;
  }
}

}  // namespace
}  // namespace weir::retrieval
