#include "weir/retrieval/bm25f.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "weir/retrieval/postings.hpp"

namespace weir::retrieval::bm25f {
namespace {

TEST(Bm25f, TakesLogarithmsInIntegers) {
  for (std::uint64_t n = 1; n < 3'000'000; n = n * 5 / 4 + 1) {
    const double exact = std::log(static_cast<double>(n));
    EXPECT_NEAR(static_cast<double>(natural_log(n)) / one, exact, 0.0003) << n;
  }
  EXPECT_EQ(natural_log(1), 0U);
}

TEST(Bm25f, AgreesWithTheFormulaInFloatingPoint) {
  const FieldWeight field{3, 60};
  const double weight = 3 / (0.4 + 0.6 * 20 / (1000.0 / 100));
  const Fixed fixed = occurrence_weight(field, 20, 1000, 100);
  EXPECT_NEAR(static_cast<double>(fixed) / one, weight, 0.001);
  const double term_idf = std::log(1 + (100 - 7 + .5) / (7 + .5));
  EXPECT_NEAR(static_cast<double>(idf(100, 7)) / one, term_idf, 0.001);
  const double tf = 2 * weight;
  const std::uint32_t level = strength(2 * fixed);
  EXPECT_NEAR(level, tf / (tf + 4) * strength_most, 0.51);
  EXPECT_NEAR(summand(idf(100, 7), level), term_idf * 5 * level / strength_most * score_scale, 1);
}

TEST(Bm25f, StaysInRangeAtTheExtremes) {
  EXPECT_EQ(strength(0), 0U);
  EXPECT_EQ(strength(~0ULL), strength_most);
  EXPECT_GT(idf(1, 1), 0U);
  EXPECT_LT(summand(idf(1U << 30, 1), strength_most), 1U << 16);
  EXPECT_EQ(occurrence_weight({6, 50}, 0, 0, 0), 6 * one);
}

}  // namespace
}  // namespace weir::retrieval::bm25f
