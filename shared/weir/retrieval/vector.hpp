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

/// A direction as packs keep it: 2 bits a component, for -3, -1, 1 and 3, which are about what it
/// is in units of half a deviation. Bits 2k and 2k + 1 of byte i are component 32k + i. Ranking
/// cannot tell it from whole bytes (TRIED.md).
constexpr std::size_t code_bytes = vector_dimensions / 4;
using VectorCode = std::array<std::uint8_t, code_bytes>;

/// One that has no direction is as near to all.
VectorCode code_of(const Vector& direction);

/// code_of(direction_of(sum)), sooner.
VectorCode code_of_sum(std::span<const std::int32_t, vector_dimensions> sum);

/// How near what has this code is to a question: the product of the two, which compares as the
/// cosine does.
std::int32_t nearness(const Vector& question, const std::uint8_t* code);

/// The product of two vectors of bytes, of less than 2^17 each.
std::int32_t product(const std::int8_t* left, const std::int8_t* right, std::size_t size);

/// The largest integer whose square is at most n.
std::uint64_t integer_root(std::uint64_t n);

}  // namespace weir::retrieval
