#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/base/bytes.hpp"

/// DEFLATE (RFC 1951) of small blocks, by Boost.Beast's port of zlib: one implementation for every
/// build, so that all of them make the same bytes of the same input.
namespace weir::deflate {

/// Appends the compressed bytes to `out`.
void compress(Bytes input, std::vector<std::uint8_t>& out);

/// Appends exactly `size` bytes to `out`. False, and nothing appended, where `input` does not hold
/// that many or is no such stream. Takes the memory of `size` bytes: the caller bounds it.
bool decompress(Bytes input, std::size_t size, std::vector<std::uint8_t>& out);

}  // namespace weir::deflate
