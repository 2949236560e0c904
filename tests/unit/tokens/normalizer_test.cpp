#include "weir/tokens/normalizer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/random_text.hpp"
#include "support/slow_encoder.hpp"
#include "support/vocabularies.hpp"

namespace weir::tokens {
namespace {

const Normalizer& normalizer() {
  return embedded_encoding(EncodingName::qwen3).vocabulary().normalizer();
}

std::string utf8(const std::u32string& text) {
  std::string out;
  for (const char32_t c : text) text::append_utf8(out, c);
  return out;
}

std::string normalized(const std::u32string& text) {
  std::string out;
  normalizer().append(out, utf8(text));
  return out;
}

TEST(Normalizer, ComposesAndOrders) {
  const std::pair<std::u32string, std::u32string> cases[] = {
      {U"", U""},
      {U"plain", U"plain"},
      {U"e\u0301x", U"\u00E9x"},
      {U"e\u0301\u0302", U"\u00E9\u0302"},
      {U"a\u0302\u0301", U"\u1EA5"},                   // both marks, one after the other
      {U"a\u0301\u0323", U"\u1EA1\u0301"},             // below goes before above
      {U"a\u0323\u0301", U"\u1EA1\u0301"},             // and is there already
      {U"\u1E0B\u0323", U"\u1E0D\u0307"},              // a composed one is taken apart first
      {U"x\u0301\u0300", U"x\u0301\u0300"},            // of the same place: nothing moves
      {U"\u0301a", U"\u0301a"},                        // nothing before it
      {U"\u212B", U"\u00C5"},                          // one for another
      {U"\u0344", U"\u0308\u0301"},                    // never composed
      {U"\u0958", U"\u0915\u093C"},                    // excluded from composition
      {U"\u1112\u1161\u11AB", U"\uD55C"},              // Hangul, from letters
      {U"\uD558\u11AB", U"\uD55C"},                    // and a syllable with its last letter
      {U"\uD55C\u11AB", U"\uD55C\u11AB"},              // which is there already
      {U"\u09C7\u09BE", U"\u09CB"},                    // two that are no marks by order
      {U"\u09C7\u0334\u09BE", U"\u09C7\u0334\u09BE"},  // unless a mark stands between
      {U"\U000113C2\U000113C7", U"\U000113C5\U000113B8"},
      {U"\uFA1F\uFA20", U"\uFA1F\u8612"},
  };
  for (const auto& [from, to] : cases) EXPECT_EQ(normalized(from), utf8(to)) << utf8(from);
}

TEST(Normalizer, IsWhatTheAnnexSays) {
  Random random(11);
  for (int round = 0; round < 3000; ++round) {
    const std::string text = random_text(random, 30);
    slow::Text points;
    for (std::size_t at = 0; at < text.size();) {
      const text::Decoded decoded = text::decode(text, at);
      points += decoded.code_point;
      at += decoded.length;
    }
    const std::string expected = utf8(slow::normalized(normalizer(), points));
    std::string actual;
    normalizer().append(actual, text);
    ASSERT_EQ(actual, expected) << text;
    std::string again;
    normalizer().append(again, actual);
    ASSERT_EQ(again, actual) << text;
  }
}

TEST(Normalizer, LeavesMostTextAsItIs) {
  const std::string text = utf8(U"caf\u00E9, \u4E2D\u6587, \uD55C\uAD6D\uC5B4, \u0416 \U0001F600");
  EXPECT_EQ(normalizer().unchanged_prefix(text), text.size());
  EXPECT_EQ(normalizer().unchanged_prefix(utf8(U"\u00E9e\u0301")), 2U);  // up to the e
  const Normalizer& none = embedded_encoding(EncodingName::o200k_base).vocabulary().normalizer();
  EXPECT_TRUE(none.changes_nothing());
  EXPECT_EQ(none.unchanged_prefix(utf8(U"e\u0301")), 3U);
}

TEST(Normalizer, FindsTheLastSegment) {
  const std::string text = utf8(U"ae\u0301\u0302");
  EXPECT_EQ(normalizer().last_segment(text, 0), 1U);
  EXPECT_EQ(normalizer().last_segment(text, 2), 0U);  // none begins among the marks
  EXPECT_EQ(normalizer().last_segment("", 0), 0U);
}

TEST(Normalizer, TellsWhereAnOffsetComesFrom) {
  const std::string text = utf8(U"ab e\u0301 x\u0301");  // the first one shrinks to two bytes
  const std::size_t expected[] = {0, 1, 2, 3, 3, 6, 7, 8};
  for (std::size_t offset = 0; offset < std::size(expected); ++offset) {
    EXPECT_EQ(normalizer().offset_before(text, offset), expected[offset]) << offset;
  }
}

using Row = std::vector<std::uint32_t>;

/// As VOCABULARY.md has it.
std::vector<std::uint8_t> tables(const std::vector<Row>& decompositions,
                                 const std::vector<Row>& compositions,
                                 const std::vector<Row>& marks) {
  std::vector<std::uint8_t> out;
  for (const auto* table : {&decompositions, &compositions, &marks}) {
    store_little_endian(out, static_cast<std::uint32_t>(table->size()));
  }
  for (const auto* table : {&decompositions, &compositions, &marks}) {
    for (const Row& row : *table) {
      for (const std::uint32_t number : row) store_little_endian(out, number);
    }
  }
  return out;
}

bool loads(const std::vector<std::uint8_t>& file) {
  return Normalizer().load(file);
}

TEST(Normalizer, RefusesTablesOutOfOrder) {
  const Row grave{0x340, 0x300, 0};
  const Row acute{0x341, 0x301, 0};
  EXPECT_TRUE(loads({}));
  EXPECT_TRUE(loads(tables({}, {}, {})));
  EXPECT_TRUE(
      loads(tables({grave, acute}, {{'a', 0x300, 0xE0}, {'a', 0x301, 0xE1}}, {{0x300, 1}})));
  EXPECT_FALSE(loads(tables({acute, grave}, {}, {})));
  EXPECT_FALSE(loads(tables({grave, grave}, {}, {})));
  EXPECT_FALSE(loads(tables({{0x340, 0x110000, 0}}, {}, {})));
  EXPECT_FALSE(loads(tables({}, {{'a', 0x301, 0xE1}, {'a', 0x300, 0xE0}}, {})));
  EXPECT_FALSE(loads(tables({}, {}, {{0x301, 1}, {0x300, 1}})));
  std::vector<std::uint8_t> cut = tables({grave}, {{'a', 0x300, 0xE0}}, {{0x300, 1}});
  while (cut.size() > 1) {
    cut.pop_back();
    EXPECT_FALSE(loads(cut)) << cut.size();
  }
  const std::uint8_t huge[] = {0, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_FALSE(loads({std::begin(huge), std::end(huge)}));
}

TEST(Normalizer, ComesToAnEndWithForgedTables) {
  // Each is made of the other.
  Normalizer forged;
  ASSERT_TRUE(forged.load(tables({{0x340, 0x341, 0x300}, {0x341, 0x340, 0x301}}, {}, {})));
  std::string out;
  forged.append(out, utf8(U"a\u0340\u0341"));
  EXPECT_LE(out.size(), 64U);
}

TEST(Normalizer, TakesNoLongerForStackedMarks) {
  std::string text = "a";
  while (text.size() < 1'000'000) text += "\xCC\x81\xCC\xA3";
  std::string out;
  normalizer().append(out, text);
  EXPECT_EQ(out.size(), text.size() - 1 + 3 - 2);  // a and a dot below are one
}

}  // namespace
}  // namespace weir::tokens
