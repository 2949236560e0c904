#include "weir/retrieval/embedding_records.hpp"

#include <gtest/gtest.h>

namespace weir::retrieval {
namespace {

const EmbeddingSpace space{"openai", "small", 0, false};
const Id128 key{{1, 2, 3}};

std::vector<std::uint8_t> file_of(std::initializer_list<std::string_view> texts) {
  auto file = EmbeddingRecords::head(key);
  const auto records = *EmbeddingRecords::read(file);
  for (const std::string_view text : texts) {
    EmbeddingRecords::append(file, records.hash_of(space, text), as_bytes(text));
  }
  return file;
}

TEST(EmbeddingRecords, GiveBackWhatWasAdded) {
  const auto file = file_of({"one", "three"});
  const auto records = EmbeddingRecords::read(file);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->count(), 2U);
  EXPECT_EQ(records->sound_bytes(), file.size());
  EXPECT_EQ(as_text(*records->find(records->hash_of(space, "three"))), "three");
  EXPECT_FALSE(records->find(records->hash_of(space, "two")));
}

TEST(EmbeddingRecords, AreOfOneSpace) {
  const auto file = file_of({"one"});
  const auto records = EmbeddingRecords::read(file);
  for (const EmbeddingSpace& other :
       {EmbeddingSpace{"azure", "small", 0, false}, EmbeddingSpace{"openai", "large", 0, false},
        EmbeddingSpace{"openai", "small", 256, true}}) {
    EXPECT_FALSE(records->find(records->hash_of(other, "one"))) << other.model;
  }
  // What stands before the text cannot be taken for a part of it.
  EXPECT_NE(records->hash_of({"a", "b", 0, false}, "c"),
            records->hash_of({"a", "", 0, false}, "bc"));
}

TEST(EmbeddingRecords, EndWhereTheyAreCutOff) {
  const auto file = file_of({"one", "three", "fifteen"});
  const std::size_t two = file_of({"one", "three"}).size();
  for (std::size_t size = two; size < file.size(); ++size) {
    const auto records = EmbeddingRecords::read(Bytes(file).first(size));
    ASSERT_TRUE(records);
    EXPECT_EQ(records->sound_bytes(), two) << size;
    EXPECT_EQ(records->count(), 2U);
  }
}

TEST(EmbeddingRecords, EndWhereAByteIsWrong) {
  auto file = file_of({"one", "three"});
  const std::size_t one = file_of({"one"}).size();
  for (std::size_t at = one; at < file.size(); ++at) {
    file[at] ^= 0x41;
    const auto records = EmbeddingRecords::read(file);
    EXPECT_EQ(records->sound_bytes(), one) << at;
    file[at] ^= 0x41;
  }
  for (std::size_t at = 0; at < 32; ++at) {
    file[at] ^= 0x41;
    EXPECT_FALSE(EmbeddingRecords::read(file)) << at;
    file[at] ^= 0x41;
  }
}

TEST(EmbeddingRecords, KnowWhatIsNoneOfThem) {
  EXPECT_TRUE(EmbeddingRecords::is_one({}));
  EXPECT_TRUE(EmbeddingRecords::is_one(as_bytes("WEIR")));
  EXPECT_TRUE(EmbeddingRecords::is_one(file_of({})));
  EXPECT_FALSE(EmbeddingRecords::is_one(as_bytes("WEIRPACK...")));
  EXPECT_FALSE(EmbeddingRecords::is_one(as_bytes("a list")));
}

}  // namespace
}  // namespace weir::retrieval
