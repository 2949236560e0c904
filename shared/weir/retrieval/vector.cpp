#include "weir/retrieval/vector.hpp"

#include <algorithm>
#include <cstring>

namespace weir::retrieval {
namespace {

// Vector extensions of GCC and Clang: SSE natively, simd128 in WebAssembly.
using Halves8 = std::int16_t __attribute__((vector_size(16)));
using Words4 = std::int32_t __attribute__((vector_size(16)));

constexpr std::int64_t unit_length = 256;
constexpr std::int64_t component_most = 127;

template <class Lanes>
Lanes load(const void* at) {
  Lanes lanes;
  std::memcpy(&lanes, at, sizeof lanes);
  return lanes;
}

/// Each two neighbours added, in 32 bits.
Words4 add_neighbours(Halves8 halves) {
  const auto pairs = load<Words4>(&halves);
  return (pairs >> 16) + ((pairs << 16) >> 16);
}

}  // namespace

std::uint64_t integer_root(std::uint64_t n) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = 1ULL << 31; bit > 0; bit >>= 1) {
    if ((root + bit) * (root + bit) <= n) root += bit;
  }
  return root;
}

Vector direction_of(std::span<const std::int32_t, vector_dimensions> sum) {
  // Brought to about 2^20, the squares of all components add up in 64 bits, and the root is exact
  // enough.
  std::int64_t most = 0;
  for (const std::int64_t component : sum) most = std::max(most, std::abs(component));
  std::int64_t factor = 1, divisor = 1;
  while (most / divisor >= 1 << 20) divisor *= 2;
  while (most > 0 && most * factor < 1 << 19) factor *= 2;
  std::uint64_t squares = 0;
  for (const std::int64_t component : sum) {
    const std::int64_t scaled = component * factor / divisor;
    squares += static_cast<std::uint64_t>(scaled * scaled);
  }
  Vector direction{};
  const auto length = static_cast<std::int64_t>(integer_root(squares));
  if (length == 0) return direction;
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    const std::int64_t scaled = sum[i] * factor / divisor * unit_length * 2;
    // To the nearest, halves away from zero.
    const std::int64_t rounded = (scaled + (scaled < 0 ? -length : length)) / (2 * length);
    direction[i] = static_cast<std::int8_t>(std::clamp(rounded, -component_most, component_most));
  }
  return direction;
}

std::int32_t cosine(const std::int8_t* a, const std::int8_t* b) {
  Words4 sums{};
  for (std::size_t at = 0; at < vector_dimensions; at += sizeof(Halves8)) {
    // Sixteen bytes as eight halves: the upper byte of each, then the lower, with their signs. A
    // product is at most 127 * 127, which fits in a half.
    const auto left = load<Halves8>(a + at), right = load<Halves8>(b + at);
    sums += add_neighbours((left >> 8) * (right >> 8));
    sums += add_neighbours(((left << 8) >> 8) * ((right << 8) >> 8));
  }
  return sums[0] + sums[1] + sums[2] + sums[3];
}

void scan(const Vector& query, std::span<const std::int8_t> vectors, std::int32_t* cosines) {
  for (std::size_t at = 0; at + vector_dimensions <= vectors.size(); at += vector_dimensions) {
    *cosines++ = cosine(query.data(), &vectors[at]);
  }
}

}  // namespace weir::retrieval
