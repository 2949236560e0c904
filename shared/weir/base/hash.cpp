#include "weir/base/hash.hpp"

#include <array>
#include <cstddef>

namespace weir {
namespace {

// Slicing by sixteen: table[k] advances a byte that is followed by k zero bytes.
auto make_tables() {
  std::array<std::array<std::uint32_t, 256>, 16> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) ? 0xEDB88320U : 0U);
    tables[0][i] = value;
  }
  for (std::size_t k = 1; k < tables.size(); ++k) {
    for (std::size_t i = 0; i < 256; ++i) {
      const std::uint32_t before = tables[k - 1][i];
      tables[k][i] = (before >> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

/// Made when first asked for: bytes without a pattern would weigh in what a browser loads.
const auto& slicing_tables() {
  static const auto tables = make_tables();
  return tables;
}

}  // namespace

std::uint32_t crc32(Bytes bytes, std::uint32_t previous) {
  const auto& tables = slicing_tables();
  std::uint32_t sum = ~previous;
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  const auto four = [&](std::size_t from, std::uint32_t word) {
    return tables[from + 3][word & 0xff] ^ tables[from + 2][(word >> 8) & 0xff] ^
           tables[from + 1][(word >> 16) & 0xff] ^ tables[from][word >> 24];
  };
  for (; left >= 16; at += 16, left -= 16) {
    sum = four(12, load_little_endian<std::uint32_t>(at) ^ sum) ^
          four(8, load_little_endian<std::uint32_t>(at + 4)) ^
          four(4, load_little_endian<std::uint32_t>(at + 8)) ^
          four(0, load_little_endian<std::uint32_t>(at + 12));
  }
  for (; left > 0; ++at, --left) sum = (sum >> 8) ^ tables[0][(sum ^ *at) & 0xff];
  return ~sum;
}

}  // namespace weir
