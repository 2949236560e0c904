#include "weir/retrieval/vector.hpp"

#include <algorithm>
#include <cstring>

namespace weir::retrieval {
namespace {

// Vector extensions of GCC and Clang: SSE natively, simd128 in WebAssembly.
using Halves8 = std::int16_t __attribute__((vector_size(16)));
using UnsignedHalves8 = std::uint16_t __attribute__((vector_size(16)));
using Bytes16 = std::int8_t __attribute__((vector_size(16)));
using Words4 = std::int32_t __attribute__((vector_size(16)));

constexpr std::int64_t unit_length = 256;
constexpr std::int64_t component_most = 127;

/// Of the components of a direction: 256 / sqrt(128).
constexpr int deviation = 22;

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

/// The products of sixteen signed bytes each, added up by fours.
Words4 multiply_add(Halves8 left, Halves8 right) {
  // As eight halves: the upper byte of each, then the lower, with their signs. A product is at most
  // 127 * 127, which fits in a half.
  return add_neighbours((left >> 8) * (right >> 8)) +
         add_neighbours(((left << 8) >> 8) * ((right << 8) >> 8));
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

VectorCode code_of(const Vector& direction) {
  const bool has_none =
      std::all_of(direction.begin(), direction.end(), [](std::int8_t c) { return c == 0; });
  VectorCode code{};
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    const int c = direction[i];
    const int level =
        has_none ? 1 + static_cast<int>(i % 2) : (c >= -deviation) + (c >= 0) + (c >= deviation);
    code[i % code_bytes] =
        static_cast<std::uint8_t>(code[i % code_bytes] | level << (2 * (i / code_bytes)));
  }
  return code;
}

std::int32_t nearness(const Vector& question, const std::uint8_t* code) {
  constexpr std::size_t lane_bytes = sizeof(Halves8);
  Words4 sums{};
  for (std::size_t at = 0; at < code_bytes; at += lane_bytes) {
    const auto bytes = load<UnsignedHalves8>(code + at);
    for (unsigned plane = 0; plane < 4; ++plane) {
      // Two bits of each byte, 0 to 3; doubled, less 3: nothing leaves its byte.
      const UnsignedHalves8 levels = (bytes >> (2 * plane)) & 0x0303;
      const auto values = load<Bytes16>(&levels) * 2 - 3;
      sums += multiply_add(load<Halves8>(&values),
                           load<Halves8>(question.data() + plane * code_bytes + at));
    }
  }
  return sums[0] + sums[1] + sums[2] + sums[3];
}

}  // namespace weir::retrieval
