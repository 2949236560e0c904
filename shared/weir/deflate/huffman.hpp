#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// Huffman codes as DEFLATE has them (RFC 1951, 3.2.2).
namespace weir::deflate {

/// A symbol's code, its first bit lowest; no bits for a symbol that does not occur.
struct Code {
  std::uint16_t bits = 0;
  std::uint8_t length = 0;
};

/// The lengths of the best code for symbols of these frequencies, none longer than `length_most`;
/// 0 for those that do not occur. One that occurs alone gets one bit. At most 288 symbols.
void assign_lengths(std::span<const std::uint32_t> frequencies, unsigned length_most,
                    std::span<Code> codes);

/// Fills in the bits that go with the lengths.
void assign_bits(std::span<Code> codes);

}  // namespace weir::deflate
