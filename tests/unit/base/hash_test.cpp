#include "weir/base/hash.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Crc32, GivesThePublishedCheckValue) {
  EXPECT_EQ(crc32(as_bytes("123456789")), 0xCBF43926U);
  EXPECT_EQ(crc32({}), 0U);
}

TEST(Crc32, ContinuesARunningSumAtAnySplit) {
  const std::string_view text = "The weir holds the river back, and lets it go.";
  const std::uint32_t whole = crc32(as_bytes(text));
  for (std::size_t split = 0; split <= text.size(); ++split) {
    EXPECT_EQ(crc32(as_bytes(text.substr(split)), crc32(as_bytes(text.substr(0, split)))), whole);
  }
}

TEST(Fnv1a, GivesThePublishedValue) {
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8ULL);
}

}  // namespace
}  // namespace weir
