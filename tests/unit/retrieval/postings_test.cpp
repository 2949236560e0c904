#include "weir/retrieval/postings.hpp"

#include <gtest/gtest.h>

namespace weir::retrieval {
namespace {

bool read(Bytes bytes, std::vector<Posting>* out = nullptr) {
  PostingsReader reader(bytes);
  const auto keep = [&](const Posting& posting) {
    if (out) out->push_back(posting);
  };
  return reader.read_chunks(1000, keep) && reader.read_files(10, keep);
}

TEST(Postings, GiveBackChunksAndFiles) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint32_t number : {2U, 5U, 300U, 0U, 7U, 1U, 3U, 41U})
    append_number(bytes, number);
  std::vector<Posting> postings;
  ASSERT_TRUE(read(bytes, &postings));
  ASSERT_EQ(postings.size(), 3U);
  EXPECT_EQ(postings[0].document, 5U);
  EXPECT_EQ(postings[0].impact, 300U);
  EXPECT_EQ(postings[1].document, 6U);
  EXPECT_EQ(postings[2].document, 3U);
  EXPECT_EQ(postings[2].impact, 20U);
  EXPECT_TRUE(postings[2].defines);
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(read(Bytes(bytes).first(length)));
  bytes.push_back(0);
  EXPECT_FALSE(read(bytes));
}

TEST(Postings, RefuseWhatDoesNotFit) {
  EXPECT_TRUE(read(std::vector<std::uint8_t>{0, 0}));
  EXPECT_FALSE(read(std::vector<std::uint8_t>{0xff, 0xff, 0xff, 0xff, 0xff, 0}));
  std::vector<std::uint8_t> past_the_end;
  for (const std::uint32_t number : {1U, 1000U, 1U, 0U}) append_number(past_the_end, number);
  EXPECT_FALSE(read(past_the_end));
  std::vector<std::uint8_t> too_heavy;
  for (const std::uint32_t number : {1U, 1U, 0x10000U, 0U}) append_number(too_heavy, number);
  EXPECT_FALSE(read(too_heavy));
}

}  // namespace
}  // namespace weir::retrieval
