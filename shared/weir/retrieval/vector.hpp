#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::retrieval {

constexpr std::size_t vector_dimensions = 128;

/// The direction of a text: of length 1 in units of 1/256, components cut off at 127 units.
/// Integers, so that every build computes the same.
using Vector = std::array<std::int8_t, vector_dimensions>;

/// The direction of a sum; all zeros where there is none. Components must be under 2^31.
Vector direction_of(std::span<const std::int32_t, vector_dimensions> sum);

/// The cosine of two directions in units of 1/65536.
std::int32_t cosine(const std::int8_t* a, const std::int8_t* b);

/// The cosines of all vectors that lie one behind the other in `vectors`: an exact scan.
/// `cosines` has room for each.
void scan(const Vector& query, std::span<const std::int8_t> vectors, std::int32_t* cosines);

/// The largest integer whose square is at most n.
std::uint64_t integer_root(std::uint64_t n);

}  // namespace weir::retrieval
