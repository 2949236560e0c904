#include "weir/tokens/vocabulary.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/random_text.hpp"
#include "support/slow_encoder.hpp"
#include "support/vocabularies.hpp"
#include "weir/base/hash.hpp"

namespace weir::tokens {
namespace {

using File = std::vector<std::uint8_t>;

constexpr std::size_t header_bytes = 36;
constexpr std::size_t crc_at = 32;

void sign(File& file) {
  const std::uint32_t sum = crc32(Bytes(file).subspan(header_bytes));
  for (std::size_t i = 0; i < 4; ++i) file[crc_at + i] = static_cast<std::uint8_t>(sum >> (8 * i));
}

/// The bytes and some pairs, named by their bytes' numbers.
File small_file(const std::vector<std::pair<Token, Token>>& pairs) {
  File file;
  for (const char c : std::string_view("WEIRVOC\0", 8))
    file.push_back(static_cast<std::uint8_t>(c));
  store_little_endian(file, std::uint32_t{2});
  std::string name = "o200k_base";
  name.resize(16);
  for (const char c : name) file.push_back(static_cast<std::uint8_t>(c));
  store_little_endian(file, static_cast<std::uint32_t>(256 + pairs.size()));
  store_little_endian(file, std::uint32_t{0});
  for (unsigned byte = 0; byte < 256; ++byte) file.push_back(static_cast<std::uint8_t>(byte));
  for (const unsigned shift : {8U, 16U, 0U}) {
    for (const bool left : {true, false}) {
      for (const auto& pair : pairs) {
        file.push_back(static_cast<std::uint8_t>((left ? pair.first : pair.second) >> shift));
      }
    }
  }
  sign(file);
  return file;
}

ErrorCode code_of(const File& file) {
  const auto vocabulary = Vocabulary::load(file);
  return vocabulary ? ErrorCode::internal : vocabulary.error().code;
}

/// Those of a text's first `size` bytes that are shorter than `below`.
std::vector<Token> prefixes(const Vocabulary& vocabulary, const std::string& text, std::size_t size,
                            std::size_t below) {
  TokenIndex::Prefixes found = vocabulary.prefixes(text.data(), size, text.size());
  found.only_below(below);
  std::vector<Token> tokens;
  for (auto next = found.next(); next.token != no_token; next = found.next()) {
    EXPECT_EQ(next.length, vocabulary.length(next.token));
    tokens.push_back(next.token);
  }
  return tokens;
}

TEST(Vocabulary, HoldsTheTokensOfItsEncoding) {
  const auto cl100k = Vocabulary::load(embedded_vocabulary(EncodingName::cl100k_base));
  ASSERT_TRUE(cl100k);
  EXPECT_EQ((*cl100k)->name(), EncodingName::cl100k_base);
  EXPECT_EQ((*cl100k)->size(), 100256U);
  EXPECT_EQ((*cl100k)->find("hello"), 15339U);
  EXPECT_EQ((*cl100k)->bytes(15339), "hello");
  EXPECT_EQ((*cl100k)->find("a text that is no token"), no_token);
  EXPECT_EQ((*cl100k)->find(""), no_token);
  const auto o200k = Vocabulary::load(embedded_vocabulary(EncodingName::o200k_base));
  ASSERT_TRUE(o200k);
  EXPECT_EQ((*o200k)->size(), 199998U);
  EXPECT_EQ((*o200k)->find("hello"), 24912U);
}

TEST(Vocabulary, JoinsPairs) {
  const auto vocabulary = Vocabulary::load(small_file({{'a', 'b'}, {256, 'c'}, {256, 257}}));
  ASSERT_TRUE(vocabulary);
  EXPECT_EQ((*vocabulary)->find("ab"), 256U);
  EXPECT_EQ((*vocabulary)->find("abc"), 257U);
  EXPECT_EQ((*vocabulary)->find("ababc"), 258U);
}

TEST(Vocabulary, MayHoldNothingButTheBytes) {
  const auto vocabulary = Vocabulary::load(small_file({}));
  ASSERT_TRUE(vocabulary);
  EXPECT_EQ((*vocabulary)->find("a"), static_cast<Token>('a'));
}

TEST(Vocabulary, RefusesWhatIsNoneOrOfAnotherKind) {
  EXPECT_EQ(code_of({}), ErrorCode::pack_unsupported);
  File file = small_file({{'a', 'b'}});
  for (const std::size_t at : {0U, 8U, 12U}) {
    File other = file;
    other[at] ^= 0x40;
    EXPECT_EQ(code_of(other), ErrorCode::pack_unsupported) << at;
  }
  file[12 + 11] = 'x';  // after the name's end
  EXPECT_TRUE(Vocabulary::load(file));
}

TEST(Vocabulary, RefusesChangedBytes) {
  const File file = small_file({{'a', 'b'}, {256, 'c'}});
  ASSERT_TRUE(Vocabulary::load(file));
  for (std::size_t at = 28; at < file.size(); ++at) {
    File changed = file;
    changed[at] ^= 1;
    EXPECT_EQ(code_of(changed), ErrorCode::pack_damaged) << at;
  }
  for (std::size_t size = header_bytes; size < file.size(); ++size) {
    EXPECT_EQ(code_of(File(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size))),
              ErrorCode::pack_damaged);
  }
}

TEST(Vocabulary, FindsTheTokensThatATextBeginsWithTheLongestFirst) {
  Random random(7);
  for (const EncodingName name : all_encodings) {
    const Vocabulary& vocabulary = embedded_encoding(name).vocabulary();
    for (int round = 0; round < 2000; ++round) {
      // What begins with a token, short or long, goes on like another one or like anything.
      std::string text(vocabulary.bytes(static_cast<Token>(random.below(vocabulary.size()))));
      text += vocabulary.bytes(static_cast<Token>(random.below(vocabulary.size())));
      text += random_text(random, 3);
      text.resize(1 + static_cast<std::size_t>(random.below(text.size())));
      const std::size_t below = 1 + static_cast<std::size_t>(random.below(2 * text.size()));
      std::vector<Token> expected;
      for (std::size_t length = std::min(below - 1, text.size()); length > 0; --length) {
        const Token token = vocabulary.find(text.substr(0, length));
        if (token != no_token) expected.push_back(token);
      }
      const std::string more = text + std::string(Vocabulary::readable_bytes, 'x');
      EXPECT_EQ(prefixes(vocabulary, text, text.size(), below), expected) << text;
      EXPECT_EQ(prefixes(vocabulary, more, text.size(), below), expected) << text;
    }
  }
}

TEST(Vocabulary, KeepsTokensApartWhereTheMergesDo) {
  Random random(8);
  for (const EncodingName name : all_encodings) {
    const Vocabulary& vocabulary = embedded_encoding(name).vocabulary();
    std::size_t apart = 0;
    std::size_t joined = 0;
    for (int round = 0; round < 20'000; ++round) {
      // Any two; or the parts of one that is cut anywhere, which mostly do not stay apart. The
      // lower a number is, the more often its token meets others.
      const auto any = [&] {
        return static_cast<Token>(random.below(1 + random.below(vocabulary.size())));
      };
      Token left = any();
      Token right = any();
      const std::string_view whole = vocabulary.bytes(any());
      const std::size_t cut = static_cast<std::size_t>(random.below(whole.size()));
      if (cut > 0 && random.one_in(2)) {
        left = vocabulary.find(whole.substr(0, cut));
        right = vocabulary.find(whole.substr(cut));
        if (left == no_token || right == no_token) continue;
      }
      std::vector<Token> merged;
      std::string bytes(vocabulary.bytes(left));
      bytes += vocabulary.bytes(right);
      slow::merge(vocabulary, bytes, merged);
      const bool expected = merged == std::vector<Token>{left, right};
      ASSERT_EQ(vocabulary.separate(left, right), expected) << left << ' ' << right;
      if (vocabulary.find(bytes) == no_token) {
        const Joins::Boundary unmerged{vocabulary.bytes(left).back(),
                                       vocabulary.bytes(right).front(), false};
        ASSERT_EQ(vocabulary.separate(left, right, unmerged), expected) << left << ' ' << right;
      }
      ++(expected ? apart : joined);
    }
    EXPECT_GT(apart, 1000U);
    EXPECT_GT(joined, 1000U);
  }
}

TEST(Vocabulary, RefusesATokenThatTheMergesDoNotMake) {
  // "abc" from "a" and "bc", but "ab" comes before "bc", and takes the b away.
  EXPECT_EQ(code_of(small_file({{'a', 'b'}, {'b', 'c'}, {'a', 257}})), ErrorCode::pack_damaged);
  EXPECT_TRUE(Vocabulary::load(small_file({{'b', 'c'}, {'a', 'b'}, {'a', 256}})));
}

TEST(Vocabulary, RefusesWhatNoGeneratorWrites) {
  EXPECT_EQ(code_of(small_file({{'a', 256}})), ErrorCode::pack_damaged);              // itself
  EXPECT_EQ(code_of(small_file({{'a', 'b'}, {'a', 'b'}})), ErrorCode::pack_damaged);  // twice
  File same_bytes = small_file({{'a', 'b'}});
  same_bytes[header_bytes] = 'b';
  sign(same_bytes);
  EXPECT_EQ(code_of(same_bytes), ErrorCode::pack_damaged);
  std::vector<std::pair<Token, Token>> doubling{{'a', 'a'}};
  for (Token token = 256; token < 290; ++token) doubling.emplace_back(token, token);
  EXPECT_EQ(code_of(small_file(doubling)), ErrorCode::pack_damaged);
}

}  // namespace
}  // namespace weir::tokens
