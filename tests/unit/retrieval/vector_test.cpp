#include "weir/retrieval/vector.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace weir::retrieval {
namespace {

using Sum = std::array<std::int32_t, vector_dimensions>;

Sum random_sum(std::mt19937& random, std::int32_t most) {
  Sum sum;
  for (auto& component : sum) {
    component = std::uniform_int_distribution<std::int32_t>(-most, most)(random);
  }
  return sum;
}

double exact_cosine(const Sum& a, const Sum& b) {
  double dot = 0, a_squares = 0, b_squares = 0;
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    dot += double(a[i]) * b[i];
    a_squares += double(a[i]) * a[i];
    b_squares += double(b[i]) * b[i];
  }
  return dot / std::sqrt(a_squares * b_squares);
}

TEST(Vector, TakesRootsInIntegers) {
  for (std::uint64_t root : {0ULL, 1ULL, 2ULL, 255ULL, 65536ULL, 4294967295ULL}) {
    EXPECT_EQ(integer_root(root * root), root);
    EXPECT_EQ(integer_root(root * root + root), root);
  }
  EXPECT_EQ(integer_root(~0ULL), 4294967295ULL);
}

TEST(Vector, KeepsTheCosineOfSumsOfAnySize) {
  std::mt19937 random(7);
  for (const std::int32_t most : {3, 1000, 1 << 20, 2147483647}) {
    const Sum a = random_sum(random, most), b = random_sum(random, most);
    EXPECT_NEAR(cosine(direction_of(a).data(), direction_of(b).data()) / 65536.0,
                exact_cosine(a, b), 0.01);
    EXPECT_NEAR(cosine(direction_of(a).data(), direction_of(a).data()) / 65536.0, 1, 0.02);
  }
}

TEST(Vector, OfNothingHasNoDirection) {
  EXPECT_EQ(direction_of(Sum{}), Vector{});
}

TEST(Vector, CutsOffWhatOneDimensionHoldsAlone) {
  Sum sum{};
  sum[5] = -40;
  const Vector direction = direction_of(sum);
  EXPECT_EQ(direction[5], -127);
  EXPECT_EQ(direction[6], 0);
}

TEST(Vector, MultipliesAsPlainArithmeticDoes) {
  std::mt19937 random(11);
  std::vector<std::int8_t> vectors(300 * vector_dimensions);
  for (auto& component : vectors) {
    component = static_cast<std::int8_t>(std::uniform_int_distribution<int>(-127, 127)(random));
  }
  Vector query;
  std::copy_n(vectors.begin(), vector_dimensions, query.begin());
  std::vector<std::int32_t> cosines(300);
  scan(query, vectors, cosines.data());
  for (std::size_t v = 0; v < cosines.size(); ++v) {
    std::int32_t expected = 0;
    for (std::size_t i = 0; i < vector_dimensions; ++i) {
      expected += query[i] * vectors[v * vector_dimensions + i];
    }
    EXPECT_EQ(cosines[v], expected);
    EXPECT_EQ(cosine(query.data(), &vectors[v * vector_dimensions]), expected);
  }
}

TEST(Vector, HasRoomForTheLargestProducts) {
  Vector lowest, highest;
  lowest.fill(-127);
  highest.fill(127);
  EXPECT_EQ(cosine(lowest.data(), highest.data()), -127 * 127 * 128);
}

}  // namespace
}  // namespace weir::retrieval
