#include "weir/base/siphash.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir {
namespace {

std::string hex(const Hash128& hash) {
  Id128 bytes;
  for (std::size_t i = 0; i < 8; ++i) {
    bytes.bytes[i] = static_cast<std::uint8_t>(hash.low >> (8 * i));
    bytes.bytes[8 + i] = static_cast<std::uint8_t>(hash.high >> (8 * i));
  }
  return to_hex(bytes);
}

/// The vectors of the authors' reference: key and input are 0, 1, 2, ...
TEST(SipHash, HasTheAuthorsTestVectors) {
  Id128 key;
  for (std::size_t i = 0; i < key.bytes.size(); ++i) key.bytes[i] = static_cast<std::uint8_t>(i);
  std::vector<std::uint8_t> input;
  EXPECT_EQ(hex(siphash(key, input)), "a3817f04ba25a8e66df67214c7550293");
  input = {0};
  EXPECT_EQ(hex(siphash(key, input)), "da87c1d86b99af44347659119b22fc45");
}

TEST(SipHash, DependsOnTheKey) {
  EXPECT_NE(siphash(Id128{{1}}, as_bytes("weir")), siphash(Id128{{2}}, as_bytes("weir")));
}

}  // namespace
}  // namespace weir
