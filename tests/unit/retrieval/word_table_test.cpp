#include "weir/retrieval/word_table.hpp"

#include <gtest/gtest.h>

#include <string>

#include "weir/retrieval/analyzer.hpp"

namespace weir::retrieval {
namespace {

/// Two words; the vector of "b" is that of "a" turned round.
std::vector<std::uint8_t> small_table() {
  std::vector<std::uint8_t> bytes;
  for (const char c : std::string_view("WEIRWORD")) bytes.push_back(static_cast<std::uint8_t>(c));
  store_little_endian(bytes, std::uint32_t{2});
  store_little_endian(bytes, static_cast<std::uint32_t>(vector_dimensions));
  for (const int byte : {1, 1, int('a'), int('b')}) bytes.push_back(std::uint8_t(byte));
  for (const int weight : {1023, 7, -1023, 8}) {
    store_little_endian(bytes, static_cast<std::uint16_t>(weight));
  }
  bytes.insert(bytes.end(), vector_dimensions / 4, 0b11100100);
  bytes.insert(bytes.end(), vector_dimensions / 4, 0b00011011);
  return bytes;
}

/// How near two words are in the built-in table.
double nearness(std::string a, std::string b) {
  const WordTable& table = WordTable::built_in();
  VectorSum sums[2];
  for (int i = 0; i < 2; ++i) {
    std::string& word = i == 0 ? a : b;
    stem(word);
    const auto row = table.find(word);
    EXPECT_TRUE(row) << word;
    if (row) sums[i].add(table.vector(*row), 100, 1);
  }
  return cosine(sums[0].direction().data(), sums[1].direction().data()) / 65536.0;
}

TEST(WordTable, ReadsWhatIsWritten) {
  const auto table = WordTable::read(small_table());
  ASSERT_TRUE(table);
  EXPECT_EQ(table->size(), 2U);
  ASSERT_EQ(table->find("b"), 1U);
  EXPECT_FALSE(table->find("c"));
  EXPECT_EQ(table->question_weight(0), 1023);
  EXPECT_EQ(table->question_weight(1), 7);
  EXPECT_EQ(table->text_weight(0), -1023);
  EXPECT_EQ(table->text_weight(1), 8);
  const int expected[] = {-3, -1, 1, 3};
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    EXPECT_EQ(table->vector(0)[i], expected[i % 4]);
    EXPECT_EQ(table->vector(1)[i], expected[3 - i % 4]);
  }
}

TEST(WordTable, RefusesWhatIsNone) {
  const auto good = small_table();
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(WordTable::read(Bytes(good).first(length))) << length;
  }
  for (const std::size_t at :
       {0U, 8U, 12U, 16U, 20U}) {  // magic, count, dimensions, length, weight
    auto bad = good;
    bad[at] ^= 0xff;
    bad[at + 1] ^= 0xff;
    EXPECT_FALSE(WordTable::read(bad)) << at;
  }
  auto longer = good;
  longer.push_back(0);
  EXPECT_FALSE(WordTable::read(longer));
}

TEST(WordTable, BuiltInKnowsWhatWordsOfCodeHaveToDoWithEachOther) {
  EXPECT_GT(WordTable::built_in().size(), 8000U);
  EXPECT_GT(nearness("remove", "delete"), nearness("remove", "socket"));
  EXPECT_GT(nearness("connection", "conn"), nearness("connection", "color"));
}

TEST(VectorSum, CountsRepeatedWordsByTheirLogarithm) {
  const auto table = WordTable::read(small_table());
  ASSERT_TRUE(table);
  VectorSum once, often;
  once.add(table->vector(0), 10, 1);
  often.add(table->vector(0), 10, 1000);
  EXPECT_EQ(once.direction(), often.direction());
  // 1 + ln 20 is about 4: twenty times "b" weigh as much as four times as heavy an "a".
  once.add(table->vector(1), 10, 20);
  EXPECT_LT(cosine(once.direction().data(), often.direction().data()), 0);
}

}  // namespace
}  // namespace weir::retrieval
