#pragma once

#include <cstdint>

#include "weir/base/bytes.hpp"

namespace weir {

/// FNV-1a, 64 bits. For tables and test vectors; not against an adversary.
constexpr std::uint64_t fnv1a_offset = 0xcbf29ce484222325ULL;
constexpr std::uint64_t fnv1a_step(std::uint64_t hash, char c) {
  return (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
}
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = fnv1a_offset) {
  for (const char c : text) hash = fnv1a_step(hash, c);
  return hash;
}

/// CRC-32 as in zlib and PNG (reflected polynomial 0xEDB88320). `previous` continues a running sum.
std::uint32_t crc32(Bytes bytes, std::uint32_t previous = 0);

}  // namespace weir
