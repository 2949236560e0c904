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

double length(const Vector& vector) {
  double squares = 0;
  for (const std::int8_t c : vector) squares += c * c;
  return std::sqrt(squares);
}

TEST(Vector, KeepsTheDirectionOfSumsOfAnySize) {
  std::mt19937 random(7);
  for (const std::int32_t most : {3, 1000, 1 << 20, 2147483647}) {
    const Sum a = random_sum(random, most), b = random_sum(random, most);
    const Vector left = direction_of(a), right = direction_of(b);
    double dot = 0;
    for (std::size_t i = 0; i < vector_dimensions; ++i) dot += left[i] * right[i];
    EXPECT_NEAR(dot / 65536.0, exact_cosine(a, b), 0.01);
    EXPECT_NEAR(length(left), 256, 3);
  }
}

TEST(Vector, OfASumHasTheSameCodeEitherWay) {
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    Sum sum = random_sum(random, 1 << (round % 31));
    // A few large components leave the others near nothing, where rounding decides.
    if (round % 3 == 0) sum[random() % sum.size()] = 1 << (round % 29);
    ASSERT_EQ(code_of_sum(sum), code_of(direction_of(sum))) << round;
  }
  EXPECT_EQ(code_of_sum(Sum{}), code_of(Vector{}));
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

/// A question, and a text that has something of it.
TEST(Vector, CodesKeepWhatIsNear) {
  std::mt19937 random(3);
  double sum = 0;
  for (int round = 0; round < 100; ++round) {
    const Sum question = random_sum(random, 1000), other = random_sum(random, 1000);
    Sum related = other;
    for (std::size_t i = 0; i < vector_dimensions; ++i) related[i] += question[i];
    const Vector asked = direction_of(question);
    const VectorCode near = code_of(direction_of(related)), far = code_of(direction_of(other));
    EXPECT_GT(nearness(asked, near.data()), nearness(asked, far.data()));
    sum += nearness(asked, code_of(asked).data()) / length(asked);
  }
  // Of length sqrt(128 * 5) or so, in nearly the same direction.
  EXPECT_GT(sum / 100, 0.9 * std::sqrt(128 * 5));
}

TEST(Vector, MultipliesAsPlainArithmeticDoes) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    Vector question;
    VectorCode code;
    for (auto& c : question)
      c = static_cast<std::int8_t>(std::uniform_int_distribution<int>(-127, 127)(random));
    for (auto& byte : code)
      byte = static_cast<std::uint8_t>(std::uniform_int_distribution<int>(0, 255)(random));
    std::int32_t expected = 0;
    for (std::size_t i = 0; i < vector_dimensions; ++i) {
      const int level = code[i % code_bytes] >> (2 * (i / code_bytes)) & 3;
      expected += question[i] * (2 * level - 3);
    }
    EXPECT_EQ(nearness(question, code.data()), expected);
  }
}

TEST(Vector, CodesEachComponentByItself) {
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    Vector direction{};
    direction[i] = -100;
    const VectorCode code = code_of(direction);
    Vector asked{};
    asked[i] = 1;
    EXPECT_EQ(nearness(asked, code.data()), -3);
    asked[(i + 1) % vector_dimensions] = 5;
    EXPECT_EQ(nearness(asked, code.data()), -3 + 5);
  }
}

TEST(Vector, WithoutADirectionIsAsNearToAll) {
  const VectorCode code = code_of(Vector{});
  Vector asked;
  asked.fill(127);
  EXPECT_EQ(nearness(asked, code.data()), 0);
}

}  // namespace
}  // namespace weir::retrieval
