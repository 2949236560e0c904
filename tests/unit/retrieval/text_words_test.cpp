#include "weir/retrieval/text_words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "weir/base/random.hpp"

namespace weir::retrieval {
namespace {

/// Some words of the built-in table.
std::vector<std::string> some_words() {
  std::vector<std::string> words;
  WordTable::built_in().each([&](std::string_view word, const WordRow& row) {
    if (row.text_weight != 0 && word.size() % 3 == 0) words.emplace_back(word);
  });
  return words;
}

TEST(TextWords, AddUpToWhatTheTableSays) {
  const WordTable& table = WordTable::built_in();
  const TextWords unpacked(table);
  EXPECT_EQ(unpacked.checksum(), table.checksum());
  const std::vector<std::string> words = some_words();
  ASSERT_GT(words.size(), 500U);
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    VectorSum expected;
    TextSum sum;
    for (std::uint64_t left = random.below(60); left > 0; --left) {
      const std::string& word = words[static_cast<std::size_t>(random.below(words.size()))];
      const auto times = static_cast<std::uint32_t>(random.one_in(2)   ? 1
                                                    : random.one_in(9) ? 1 + random.below(65'535)
                                                                       : 1 + random.below(9));
      const auto row = table.find(word);
      ASSERT_TRUE(row && *row);
      expected.add((*row)->vector.data(), (*row)->text_weight, times);
      sum.add(unpacked.row(unpacked.find(word)), times);
    }
    ASSERT_EQ(sum.code(), code_of(expected.direction())) << round;
  }
}

TEST(TextWords, KnowNoOthers) {
  const TextWords unpacked(WordTable::built_in());
  EXPECT_EQ(unpacked.find("nosuchword"), TextWords::none);
}

}  // namespace
}  // namespace weir::retrieval
