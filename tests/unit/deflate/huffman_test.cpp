#include "weir/deflate/huffman.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "weir/base/random.hpp"

namespace weir::deflate {
namespace {

std::vector<Code> codes_of(const std::vector<std::uint32_t>& frequencies, unsigned length_most) {
  std::vector<Code> codes(frequencies.size());
  assign_lengths(frequencies, length_most, codes);
  assign_bits(codes);
  return codes;
}

/// The share of all codes that these take, in units of 2^-16.
std::uint32_t taken(const std::vector<Code>& codes) {
  std::uint32_t sum = 0;
  for (const Code& code : codes) sum += code.length > 0 ? 0x10000U >> code.length : 0U;
  return sum;
}

TEST(Huffman, GivesFrequentSymbolsShortCodes) {
  const auto codes = codes_of({5, 0, 1, 1, 2}, 15);
  EXPECT_EQ(codes[0].length, 1);
  EXPECT_EQ(codes[1].length, 0);
  EXPECT_EQ(codes[4].length, 2);
  EXPECT_EQ(codes[2].length, 3);
  EXPECT_EQ(codes[3].length, 3);
  // RFC 1951, 3.2.2, with the first bit lowest: 0, 10, 110, 111.
  EXPECT_EQ(codes[0].bits, 0b0);
  EXPECT_EQ(codes[4].bits, 0b01);
  EXPECT_EQ(codes[2].bits, 0b011);
  EXPECT_EQ(codes[3].bits, 0b111);
}

TEST(Huffman, KeepsToTheGreatestLengthAndWastesNoCode) {
  Random random(3);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint32_t> frequencies(static_cast<std::size_t>(2 + random.below(285)));
    // From even to as skewed as Fibonacci's numbers, whose tree is the deepest.
    const std::uint64_t skew = random.below(30);
    for (std::size_t i = 0; i < frequencies.size(); ++i)
      frequencies[i] = static_cast<std::uint32_t>(1 + random.below(1ULL << (skew * i / 300)));
    for (const unsigned most : {9U, 15U}) {
      const auto codes = codes_of(frequencies, most);
      EXPECT_EQ(taken(codes), 0x10000U);
      for (const Code& code : codes) EXPECT_LE(code.length, most);
    }
  }
}

TEST(Huffman, OfOneSymbolHasOneBit) {
  const auto codes = codes_of({0, 7, 0}, 15);
  EXPECT_EQ(codes[1].length, 1);
  EXPECT_EQ(taken(codes), 0x8000U);
  EXPECT_EQ(taken(codes_of({0, 0}, 15)), 0U);
}

}  // namespace
}  // namespace weir::deflate
