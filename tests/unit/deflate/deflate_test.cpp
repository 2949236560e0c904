#include "weir/deflate/deflate.hpp"

#include <gtest/gtest.h>

#include <string>

#include "weir/base/random.hpp"

namespace weir::deflate {
namespace {

std::string text_of(std::size_t size) {
  std::string text;
  Random random(size);
  const char* const words[] = {"return ", "value", "(", ");\n", "const ", "int ", "index", " = "};
  while (text.size() < size) text += words[static_cast<std::size_t>(random.below(8))];
  text.resize(size);
  return text;
}

std::vector<std::uint8_t> compressed(std::string_view text) {
  std::vector<std::uint8_t> out;
  compress(as_bytes(text), out);
  return out;
}

TEST(Deflate, GivesBackWhatWasPutIn) {
  for (std::size_t size = 0; size < 20'000; size += 1 + size / 3) {
    const std::string text = text_of(size);
    std::vector<std::uint8_t> back = {7};
    ASSERT_TRUE(decompress(compressed(text), size, back)) << size;
    EXPECT_EQ(as_text(Bytes(back).subspan(1)), text);
  }
}

TEST(Deflate, MakesTextSmaller) {
  EXPECT_LT(compressed(text_of(8192)).size(), 8192U / 3);
}

/// The same on every build: packs are compared by their bytes.
TEST(Deflate, MakesKnownBytes) {
  const auto bytes = compressed("weir weir weir weir");
  EXPECT_EQ(bytes,
            (std::vector<std::uint8_t>{0x2b, 0x4f, 0xcd, 0x2c, 0x52, 0x28, 0x47, 0x21, 0x00}));
}

TEST(Deflate, RefusesWhatIsCutOrTooShort) {
  const std::string text = text_of(5000);
  const auto bytes = compressed(text);
  std::vector<std::uint8_t> back;
  EXPECT_FALSE(decompress(bytes, 5001, back));
  for (std::size_t length = 0; length + 8 < bytes.size(); length += 7) {
    EXPECT_FALSE(decompress(Bytes(bytes).first(length), 5000, back)) << length;
    EXPECT_TRUE(back.empty());
  }
}

TEST(Deflate, OfDamagedBytesDoesNoHarm) {
  const auto good = compressed(text_of(3000));
  Random random(1);
  for (int round = 0; round < 2000; ++round) {
    auto bytes = good;
    for (int change = 0; change < 3; ++change) {
      bytes[static_cast<std::size_t>(random.below(bytes.size()))] =
          static_cast<std::uint8_t>(random.below(256));
    }
    std::vector<std::uint8_t> back;
    if (decompress(bytes, 3000, back)) {
      EXPECT_EQ(back.size(), 3000U);
    }
  }
}

}  // namespace
}  // namespace weir::deflate
