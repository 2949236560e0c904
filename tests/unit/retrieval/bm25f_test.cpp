#include "weir/retrieval/bm25f.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "weir/retrieval/pack_format.hpp"

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
  EXPECT_NEAR(impact(idf(100, 7), 2 * fixed), term_idf * tf * 5 / (tf + 4) * format::impact_scale,
              1);
}

TEST(Bm25f, StaysInRangeAtTheExtremes) {
  EXPECT_EQ(impact(idf(1, 1), 0), 0U);
  EXPECT_GT(idf(1, 1), 0U);
  EXPECT_LE(impact(idf(1U << 30, 1), ~0ULL >> 20), format::impact_most);
  EXPECT_EQ(occurrence_weight({6, 50}, 0, 0, 0), 6 * one);
}

}  // namespace
}  // namespace weir::retrieval::bm25f
