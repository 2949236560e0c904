#include "weir/retrieval/bm25f.hpp"

#include <algorithm>

#include "weir/retrieval/postings.hpp"

namespace weir::retrieval::bm25f {
namespace {

/// tf' above this changes nothing any more, and keeps the products below within 64 bits.
constexpr Fixed tf_most = 1ULL << 32;

}  // namespace

Fixed natural_log(std::uint64_t n) {
  int exponent = 63;
  while ((n >> exponent) == 0) --exponent;
  // The mantissa, in [1, 2) with 31 bits behind the point, squared again and again: each time it
  // passes 2, the next binary digit of the logarithm is a one.
  std::uint64_t mantissa = exponent > 31 ? n >> (exponent - 31) : n << (31 - exponent);
  Fixed log2 = static_cast<Fixed>(exponent);
  for (int bit = 0; bit < 16; ++bit) {
    mantissa = (mantissa * mantissa) >> 31;
    const bool passed = (mantissa >> 32) != 0;
    if (passed) mantissa >>= 1;
    log2 = (log2 << 1) | (passed ? 1 : 0);
  }
  constexpr Fixed ln2 = 45426;
  return (log2 * ln2) >> 16;
}

Fixed occurrence_weight(const FieldWeight& field, std::uint64_t length, std::uint64_t total,
                        std::uint64_t documents) {
  if (total == 0) return field.weight * one;
  const std::uint64_t denominator =
      (100 - field.percent) * total + field.percent * length * documents;
  return field.weight * one * 100 * total / std::max<std::uint64_t>(denominator, 1);
}

Fixed idf(std::uint64_t documents, std::uint64_t documents_with_term) {
  // 1 + (N - df + 1/2) / (df + 1/2) = (2N + 2) / (2df + 1)
  return natural_log(2 * documents + 2) - natural_log(2 * documents_with_term + 1);
}

std::uint32_t strength(Fixed tf) {
  tf = std::min(tf, tf_most);
  const Fixed whole = tf + k1 * one;
  return static_cast<std::uint32_t>((2 * tf * strength_most + whole) / (2 * whole));
}

std::uint32_t summand(Fixed idf_of_term, std::uint32_t strength) {
  const std::uint64_t scaled = idf_of_term * strength * (k1 + 1) * score_scale / strength_most;
  return static_cast<std::uint32_t>((scaled + one / 2) / one);
}

}  // namespace weir::retrieval::bm25f
