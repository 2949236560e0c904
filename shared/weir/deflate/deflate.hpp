#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/base/bytes.hpp"

/// DEFLATE (RFC 1951) of small blocks. What is unpacked may be anybody's bytes: Boost.Beast's port
/// of zlib does that. Packing is our own: with blocks of some kilobytes zlib's takes more than
/// twice the time for the same size. Every build makes the same bytes of the same input.
namespace weir::deflate {

/// Appends the compressed bytes to `out`.
void compress(Bytes input, std::vector<std::uint8_t>& out);

/// Appends exactly `size` bytes to `out`. False, and nothing appended, where `input` does not hold
/// that many or is no such stream. Takes the memory of `size` bytes: the caller bounds it.
bool decompress(Bytes input, std::size_t size, std::vector<std::uint8_t>& out);

}  // namespace weir::deflate
