#include "weir/retrieval/word_table.hpp"

#include <gtest/gtest.h>

#include <string>

#include "weir/base/hash.hpp"
#include "weir/retrieval/analyzer.hpp"

namespace weir::retrieval {
namespace {

using Table = std::vector<std::uint8_t>;

void append_row(Table& out, char word, int question_weight, int text_weight, std::uint8_t four) {
  out.push_back(1);
  out.push_back(static_cast<std::uint8_t>(word));
  store_little_endian(out, static_cast<std::uint16_t>(question_weight));
  store_little_endian(out, static_cast<std::uint16_t>(text_weight));
  out.insert(out.end(), vector_dimensions / 4, four);
}

/// Two words; the vector of "b" is that of "a" turned round.
Table small_table() {
  Table block;
  append_row(block, 'a', 1023, -1023, 0b11100100);
  append_row(block, 'b', 7, 8, 0b00011011);
  Table out;
  for (const char c : std::string_view("WEIRWORD")) out.push_back(static_cast<std::uint8_t>(c));
  for (const std::size_t number :
       {std::size_t{2}, std::size_t{99}, std::size_t{2}, vector_dimensions, std::size_t{4}})
    store_little_endian(out, static_cast<std::uint32_t>(number));
  out.push_back(1);
  out.push_back('a');
  store_little_endian(out, static_cast<std::uint16_t>(block.size()));
  out.insert(out.end(), block.begin(), block.end());
  return out;
}

bool opens(Bytes bytes) {
  const ByteStore store(bytes);
  const auto table = WordTable::open(store);
  return table && *table;
}

WordRow row(const WordTable& table, std::string_view word) {
  const auto found = table.find(word);
  EXPECT_TRUE(found && *found);
  return **found;
}

double product(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < vector_dimensions; ++i) sum += a[i] * b[i];
  return sum;
}

/// How near two words are in the built-in table.
double nearness(std::string a, std::string b) {
  VectorSum sums[2];
  for (int i = 0; i < 2; ++i) {
    std::string& word = i == 0 ? a : b;
    stem(word);
    const WordRow found = row(WordTable::built_in(), word);
    EXPECT_TRUE(found.known()) << word;
    sums[i].add(found.vector.data(), 100, 1);
  }
  return product(sums[0].direction(), sums[1].direction()) / 65536.0;
}

TEST(WordTable, ReadsWhatIsWritten) {
  const Table bytes = small_table();
  const ByteStore store(bytes);
  const auto table = WordTable::open(store);
  ASSERT_TRUE(table && *table);
  EXPECT_EQ((*table)->size(), 2U);
  EXPECT_EQ((*table)->checksum(), 99U);
  EXPECT_FALSE(row(**table, "c").known());
  EXPECT_FALSE(row(**table, "A").known());
  const WordRow a = row(**table, "a"), b = row(**table, "b");
  EXPECT_EQ(a.question_weight, 1023);
  EXPECT_EQ(b.question_weight, 7);
  EXPECT_EQ(a.text_weight, -1023);
  EXPECT_EQ(b.text_weight, 8);
  const int expected[] = {-3, -1, 1, 3};
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    EXPECT_EQ(a.vector[i], expected[i % 4]);
    EXPECT_EQ(b.vector[i], expected[3 - i % 4]);
  }
}

TEST(WordTable, RefusesWhatIsNone) {
  const Table good = small_table();
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_FALSE(opens(Bytes(good).first(length))) << length;
  for (const std::size_t at : {0U, 8U, 20U, 24U, 30U}) {  // magic, version, dimensions, lengths
    Table bad = good;
    bad[at] ^= 0xff;
    EXPECT_FALSE(opens(bad)) << at;
  }
  Table longer = good;
  longer.push_back(0);
  EXPECT_FALSE(opens(longer));
}

TEST(WordTable, IsReadByRanges) {
  const Table bytes = small_table();
  ByteStore store = ByteStore::of_size(bytes.size());
  const auto bring = [&] {
    for (const ByteRange& range : store.take_wanted())
      store.supply(range.offset, Bytes(bytes).subspan(static_cast<std::size_t>(range.offset),
                                                      static_cast<std::size_t>(range.length)));
  };
  for (int round = 0; round < 2; ++round) {
    EXPECT_FALSE(*WordTable::open(store));
    bring();
  }
  const auto table = WordTable::open(store);
  ASSERT_TRUE(table && *table);
  EXPECT_FALSE(*(*table)->find("b"));
  bring();
  EXPECT_EQ(row(**table, "b").text_weight, 8);
}

TEST(WordTable, BuiltInIsSoundAndKnowsWhatWordsOfCodeHaveToDoWithEachOther) {
  EXPECT_GT(WordTable::built_in().size(), 8000U);
  EXPECT_GT(nearness("remove", "delete"), nearness("remove", "socket"));
  EXPECT_GT(nearness("connection", "conn"), nearness("connection", "color"));
}

TEST(VectorSum, CountsRepeatedWordsByTheirLogarithm) {
  const Table bytes = small_table();
  const ByteStore store(bytes);
  const auto table = WordTable::open(store);
  ASSERT_TRUE(table && *table);
  const WordRow a = row(**table, "a"), b = row(**table, "b");
  VectorSum once, often;
  once.add(a.vector.data(), 10, 1);
  often.add(a.vector.data(), 10, 1000);
  EXPECT_EQ(once.direction(), often.direction());
  // 1 + ln 20 is about 4: twenty times "b" weigh as much as four times as heavy an "a".
  once.add(b.vector.data(), 10, 20);
  EXPECT_LT(product(once.direction(), often.direction()), 0);
}

}  // namespace
}  // namespace weir::retrieval
