#include "weir/retrieval/byte_store.hpp"

#include <gtest/gtest.h>

#include "weir/base/random.hpp"

namespace weir::retrieval {
namespace {

std::vector<std::uint8_t> numbered(std::size_t size) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 7));
  return bytes;
}

Bytes part(const std::vector<std::uint8_t>& bytes, std::uint64_t offset, std::uint64_t length) {
  return Bytes(bytes).subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
}

TEST(ByteStore, OfAWholeFileHasEverything) {
  const auto bytes = numbered(100);
  ByteStore store{Bytes(bytes)};
  EXPECT_EQ(store.read({10, 5})->data(), bytes.data() + 10);
  EXPECT_EQ(store.read({100, 0})->size(), 0U);
  EXPECT_TRUE(store.take_wanted().empty());
}

TEST(ByteStore, NotesWhatIsNotThereOnce) {
  const auto bytes = numbered(100);
  ByteStore store = ByteStore::of_size(100);
  EXPECT_FALSE(store.read({50, 10}));
  EXPECT_FALSE(store.read({0, 4}));
  EXPECT_FALSE(store.read({50, 10}));
  EXPECT_EQ(store.take_wanted(), (std::vector<ByteRange>{{0, 4}, {50, 10}}));
  EXPECT_TRUE(store.take_wanted().empty());
  store.supply(50, part(bytes, 50, 10));
  EXPECT_TRUE(store.read({52, 8}));
  EXPECT_FALSE(store.read({52, 9}));
}

TEST(ByteStore, JoinsPiecesThatTouch) {
  const auto bytes = numbered(1000);
  Random random(5);
  ByteStore store = ByteStore::of_size(1000);
  std::vector<bool> there(1000);
  for (int round = 0; round < 400; ++round) {
    const std::uint64_t offset = random.below(1000), length = 1 + random.below(20);
    const std::uint64_t end = std::min<std::uint64_t>(1000, offset + length);
    store.supply(offset, part(bytes, offset, end - offset));
    for (std::uint64_t i = offset; i < end; ++i) there[static_cast<std::size_t>(i)] = true;
    const std::uint64_t from = random.below(990), size = 1 + random.below(10);
    bool expected = true;
    for (std::uint64_t i = from; i < from + size; ++i)
      expected = expected && there[static_cast<std::size_t>(i)];
    const auto read = store.read({from, size});
    ASSERT_EQ(read.has_value(), expected);
    if (read) {
      EXPECT_TRUE(std::equal(read->begin(), read->end(), part(bytes, from, size).begin()));
    }
  }
  EXPECT_LE(store.held(), 1000U);
  store.forget();
  EXPECT_EQ(store.held(), 0U);
  EXPECT_FALSE(store.read({500, 1}));
}

TEST(ByteStore, LeavesOutWhatLiesPastTheEnd) {
  const auto bytes = numbered(100);
  ByteStore store = ByteStore::of_size(60);
  store.supply(50, part(bytes, 50, 50));
  EXPECT_EQ(store.held(), 10U);
  store.supply(60, part(bytes, 60, 10));
  EXPECT_EQ(store.held(), 10U);
}

}  // namespace
}  // namespace weir::retrieval
