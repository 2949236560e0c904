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

/// Bytes of some kind: of few values or all, of runs, and of repetitions near and far.
std::string bytes_of(int kind, std::size_t size, Random& random) {
  std::string bytes;
  while (bytes.size() < size) {
    const auto back = static_cast<std::size_t>(1 + random.below(kind == 3 ? 40'000 : 20));
    if (kind >= 2 && back <= bytes.size() && !random.one_in(10)) {
      bytes.push_back(bytes[bytes.size() - back]);
    } else {
      bytes.push_back(static_cast<char>(random.below(kind == 0 ? 256 : 3)));
    }
  }
  return bytes;
}

TEST(Deflate, GivesBackAnyBytesAndHardlyGrows) {
  Random random(2);
  for (int round = 0; round < 400; ++round) {
    const int kind = round % 4;
    const auto size = static_cast<std::size_t>(random.below(round % 40 == 0 ? 200'000 : 2000));
    const std::string bytes = bytes_of(kind, size, random);
    const auto packed = compressed(bytes);
    EXPECT_LE(packed.size(), size + 16 * (1 + size / 65'535)) << kind;
    std::vector<std::uint8_t> back;
    ASSERT_TRUE(decompress(packed, size, back)) << kind << ' ' << size;
    ASSERT_EQ(as_text(back), bytes) << kind << ' ' << size;
  }
}

TEST(Deflate, MakesTextSmaller) {
  EXPECT_LT(compressed(text_of(8192)).size(), 8192U / 3);
}

/// The same on every build: packs are compared by their bytes.
TEST(Deflate, MakesKnownBytes) {
  const auto bytes = compressed("weir weir weir weir");
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{0x2b, 0x4f, 0xcd, 0x2c, 0x52, 0x40, 0x25, 0x00}));
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
