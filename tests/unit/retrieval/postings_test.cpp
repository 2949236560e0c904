#include "weir/retrieval/postings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "weir/base/random.hpp"

namespace weir::retrieval {
namespace {

/// Files of one to five chunks.
std::vector<std::uint32_t> files_of(std::size_t chunks) {
  std::vector<std::uint32_t> file_of;
  for (std::uint32_t file = 0; file_of.size() < chunks; ++file) {
    for (std::uint32_t i = 0; i <= file % 5 && file_of.size() < chunks; ++i)
      file_of.push_back(file);
  }
  return file_of;
}

/// One chunk in `rarity`, with runs.
Postings random_postings(Random& random, const std::vector<std::uint32_t>& file_of,
                         std::uint64_t rarity, bool with_definitions) {
  Postings postings;
  for (std::uint32_t chunk = 0; chunk < file_of.size(); ++chunk) {
    const bool run =
        !postings.chunks.empty() && postings.chunks.back() + 1 == chunk && random.below(4) != 0;
    if (!run && random.below(rarity) != 0) continue;
    postings.chunks.push_back(chunk);
    postings.chunk_strengths.push_back(static_cast<std::uint8_t>(random.below(strength_most + 1)));
    if (postings.files.empty() || postings.files.back() != file_of[chunk])
      postings.files.push_back(file_of[chunk]);
  }
  for (std::size_t i = 0; i < postings.files.size(); ++i) {
    postings.file_strengths.push_back(static_cast<std::uint8_t>(10 + random.below(9)));
    if (with_definitions) postings.defines.push_back(static_cast<std::uint8_t>(i % 2));
  }
  return postings;
}

/// What comes back of strengths that are told without their lowest bits.
void expect_near(const std::vector<std::uint8_t>& back, const std::vector<std::uint8_t>& put,
                 unsigned dropped) {
  ASSERT_EQ(back.size(), put.size());
  for (std::size_t i = 0; i < put.size(); ++i)
    EXPECT_LE(std::abs(back[i] - put[i]), (1 << dropped) - 1);
}

TEST(Postings, TellCommonTermsInFewerBits) {
  EXPECT_EQ(dropped_bits(1, 10'000), 0U);
  EXPECT_EQ(dropped_bits(600, 100'000), 0U);
  EXPECT_EQ(dropped_bits(500, 500), 0U);
  EXPECT_EQ(dropped_bits(1000, 10'000), 1U);
  EXPECT_EQ(dropped_bits(3000, 10'000), 2U);
  EXPECT_EQ(dropped_bits(10'000, 10'000), 5U);
}

TEST(Postings, GiveBackWhatWasPutIn) {
  Random random(1);
  for (const std::size_t chunks : {1U, 2U, 7U, 100U, 3000U}) {
    const auto file_of = files_of(chunks);
    for (const std::uint64_t rarity : {1U, 2U, 20U, 500U}) {
      const Postings postings = random_postings(random, file_of, rarity, rarity == 2);
      if (postings.chunks.empty()) continue;
      std::vector<std::uint8_t> bytes;
      append_postings(bytes, postings, chunks);
      Postings back;
      ASSERT_TRUE(
          read_postings(bytes, static_cast<std::uint32_t>(postings.chunks.size()), file_of, back));
      EXPECT_EQ(back.chunks, postings.chunks);
      const unsigned dropped = dropped_bits(postings.chunks.size(), chunks);
      expect_near(back.chunk_strengths, postings.chunk_strengths, dropped);
      EXPECT_EQ(back.files, postings.files);
      expect_near(back.file_strengths, postings.file_strengths, dropped);
      EXPECT_EQ(back.defines, postings.defines);
    }
  }
}

TEST(Postings, OfATermThatStandsEverywhereCostNothingForItsPlaces) {
  Postings postings;
  for (std::uint32_t chunk = 0; chunk < 8000; ++chunk) {
    postings.chunks.push_back(chunk);
    postings.chunk_strengths.push_back(3);
  }
  postings.file_strengths.assign(files_of(8000).back() + 1, 3);
  std::vector<std::uint8_t> bytes;
  append_postings(bytes, postings, 8000);
  EXPECT_LE(bytes.size(), 3U);
}

TEST(Postings, CutOrLongerAreRefused) {
  Random random(2);
  const auto file_of = files_of(500);
  const Postings postings = random_postings(random, file_of, 9, true);
  const auto count = static_cast<std::uint32_t>(postings.chunks.size());
  std::vector<std::uint8_t> bytes;
  append_postings(bytes, postings, 500);
  Postings back;
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(read_postings(Bytes(bytes).first(length), count, file_of, back)) << length;
  EXPECT_FALSE(read_postings(bytes, 0, file_of, back));
  EXPECT_FALSE(read_postings(bytes, 501, file_of, back));
  bytes.push_back(0);
  EXPECT_FALSE(read_postings(bytes, count, file_of, back));
}

TEST(Postings, OfAnyBytesStayWithinThePack) {
  Random random(3);
  const auto file_of = files_of(300);
  for (int round = 0; round < 5000; ++round) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(random.below(60)));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
    Postings back;
    if (!read_postings(bytes, static_cast<std::uint32_t>(random.below(310)), file_of, back))
      continue;
    EXPECT_TRUE(std::is_sorted(back.chunks.begin(), back.chunks.end()));
    EXPECT_LT(back.chunks.back(), 300U);
    EXPECT_LE(*std::max_element(back.chunk_strengths.begin(), back.chunk_strengths.end()),
              strength_most);
  }
}

}  // namespace
}  // namespace weir::retrieval
