#include "weir/retrieval/vector.hpp"

#include <algorithm>
#include <cstdlib>
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
  // 128 * 128, which fits in a half.
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

namespace {

/// Brought to about 2^20, the squares of all components add up in 64 bits, and the root is exact
/// enough.
struct Scaled {
  std::array<std::int64_t, vector_dimensions> components;
  std::int64_t length = 0;
};

Scaled scale(std::span<const std::int32_t, vector_dimensions> sum) {
  std::int64_t most = 0;
  for (const std::int64_t component : sum) most = std::max(most, std::abs(component));
  unsigned up = 0, down = 0;
  while (most >> down >= 1 << 20) ++down;
  while (most > 0 && most << up < 1 << 19) ++up;
  Scaled scaled;
  std::uint64_t squares = 0;
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    // Towards zero, as division has it.
    const std::int64_t component = sum[i];
    const std::int64_t magnitude = (std::abs(component) << up) >> down;
    scaled.components[i] = component < 0 ? -magnitude : magnitude;
    squares += static_cast<std::uint64_t>(magnitude * magnitude);
  }
  scaled.length = static_cast<std::int64_t>(integer_root(squares));
  return scaled;
}

/// Twice what a component is in units, times the length.
std::int64_t twice_units(std::int64_t component) {
  return component * unit_length * 2;
}

void put_level(VectorCode& code, std::size_t dimension, int level) {
  std::uint8_t& byte = code[dimension % code_bytes];
  byte = static_cast<std::uint8_t>(byte | level << (2 * (dimension / code_bytes)));
}

/// Of what has no direction: as near to all.
VectorCode code_of_none() {
  VectorCode code{};
  for (std::size_t i = 0; i < vector_dimensions; ++i)
    put_level(code, i, 1 + static_cast<int>(i % 2));
  return code;
}

}  // namespace

Vector direction_of(std::span<const std::int32_t, vector_dimensions> sum) {
  const Scaled scaled = scale(sum);
  const std::int64_t length = scaled.length;
  Vector direction{};
  if (length == 0) return direction;
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    const std::int64_t units = twice_units(scaled.components[i]);
    // To the nearest, halves away from zero.
    const std::int64_t rounded = (units + (units < 0 ? -length : length)) / (2 * length);
    direction[i] = static_cast<std::int8_t>(std::clamp(rounded, -component_most, component_most));
  }
  return direction;
}

VectorCode code_of(const Vector& direction) {
  const bool has_none =
      std::all_of(direction.begin(), direction.end(), [](std::int8_t c) { return c == 0; });
  if (has_none) return code_of_none();
  VectorCode code{};
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    const int c = direction[i];
    put_level(code, i, (c >= -deviation) + (c >= 0) + (c >= deviation));
  }
  return code;
}

VectorCode code_of_sum(std::span<const std::int32_t, vector_dimensions> sum) {
  const Scaled scaled = scale(sum);
  const std::int64_t length = scaled.length;
  // A component is rounded: it is n where twice its units are from 2n - 1 to below 2n + 1 lengths,
  // and below zero likewise with the signs changed.
  const std::int64_t from_deviation = (2 * deviation - 1) * length;
  const std::int64_t above_less_than_deviation = -(2 * deviation + 1) * length;
  bool has_none = true;
  VectorCode code{};
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    const std::int64_t units = twice_units(scaled.components[i]);
    has_none = has_none && std::abs(units) < length;
    put_level(code, i,
              (units > above_less_than_deviation) + (units > -length) + (units >= from_deviation));
  }
  return has_none || length == 0 ? code_of_none() : code;
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

std::int32_t product(const std::int8_t* left, const std::int8_t* right, std::size_t size) {
  constexpr std::size_t lane_bytes = sizeof(Halves8);
  Words4 sums{};
  std::size_t at = 0;
  for (; at + lane_bytes <= size; at += lane_bytes)
    sums += multiply_add(load<Halves8>(left + at), load<Halves8>(right + at));
  std::int32_t sum = sums[0] + sums[1] + sums[2] + sums[3];
  for (; at < size; ++at) sum += left[at] * right[at];
  return sum;
}

}  // namespace weir::retrieval
