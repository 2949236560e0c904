#include "weir/tokens/encoding.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/random_text.hpp"
#include "support/slow_encoder.hpp"
#include "support/vocabularies.hpp"
#include "weir/base/hash.hpp"
#include "weir/json/json.hpp"
#include "weir/text/utf8.hpp"

extern "C" const unsigned char weir_token_vectors[], weir_token_vectors_end[];

namespace weir::tokens {
namespace {

std::vector<Token> encoded(EncodingName name, std::string_view text) {
  std::vector<Token> tokens;
  embedded_encoding(name).encode(text, tokens);
  return tokens;
}

std::string hash_of(const std::vector<Token>& tokens) {
  std::string bytes;
  for (const Token token : tokens) store_little_endian(bytes, token);
  const std::uint64_t hash = fnv1a(bytes);
  std::string hex;
  for (int shift = 60; shift >= 0; shift -= 4) hex += "0123456789abcdef"[(hash >> shift) & 15];
  return hex;
}

TEST(Encoding, GivesTheReferencesTokensForEveryVector) {
  std::string_view lines = as_text({weir_token_vectors, weir_token_vectors_end});
  std::size_t vectors = 0;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const auto vector = json::parse(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
    ASSERT_TRUE(vector);
    const std::string text = json::string_or(*vector, "text");
    for (const EncodingName name : {EncodingName::cl100k_base, EncodingName::o200k_base}) {
      const json::Value* expected =
          json::find(*vector, name == EncodingName::cl100k_base ? "cl100k" : "o200k");
      ASSERT_NE(expected, nullptr);
      const std::vector<Token> tokens = encoded(name, text);
      EXPECT_EQ(static_cast<std::int64_t>(tokens.size()), json::integer_or(*expected, "n", -1))
          << text;
      EXPECT_EQ(hash_of(tokens), json::string_or(*expected, "h")) << text;
      EXPECT_EQ(embedded_encoding(name).count(text), tokens.size());
    }
    ++vectors;
  }
  EXPECT_EQ(vectors, 629U);
}

TEST(Encoding, AgreesWithTheSlowEncoder) {
  Random random(1);
  for (int round = 0; round < 1500; ++round) {
    std::string text = random_text(random, 40);
    if (random.one_in(3)) text = damaged(text, random);
    for (const EncodingName name : all_encodings) {
      const Encoding& encoding = embedded_encoding(name);
      ASSERT_EQ(encoded(name, text), slow::encode(encoding.vocabulary(), text)) << text;
    }
  }
}

// Long pieces take another road through the merges than short ones.
TEST(Encoding, AgreesWithTheSlowEncoderOnLongPieces) {
  Random random(2);
  for (int round = 0; round < 12; ++round) {
    std::string text;
    const std::uint64_t letters = 1 + random.below(26);
    for (std::uint64_t left = 90 + random.below(300); left > 0; --left) {
      text += static_cast<char>('a' + random.below(letters));
    }
    for (const EncodingName name : all_encodings) {
      const Encoding& encoding = embedded_encoding(name);
      ASSERT_EQ(encoded(name, text), slow::encode(encoding.vocabulary(), text)) << text;
    }
  }
}

// Words that are neither short nor all ASCII, with what follows them at every distance from the
// end: the fast way over ASCII words has to give up in time.
TEST(Encoding, AgreesWithTheSlowEncoderAtEveryDistanceFromTheEnd) {
  for (const std::string_view word :
       {"Internationalisation", "HTTPServerABCDEfgh", "don'tSHAN'T", "caf\xC3\xA9s",
        "snake_case(x)", "'llamas", "12345abc", "\tTabs\xE4\xB8\xAD"}) {
    for (std::size_t before = 0; before < 20; ++before) {
      for (std::size_t after = 0; after < 20; ++after) {
        const std::string text =
            std::string(before, '-') + std::string(word) + std::string(after, 'z');
        for (const EncodingName name : all_encodings) {
          const Encoding& encoding = embedded_encoding(name);
          ASSERT_EQ(encoded(name, text), slow::encode(encoding.vocabulary(), text)) << text;
        }
      }
    }
  }
}

TEST(Encoding, EveryTokenIsItsOwnEncodingWhereItIsOnePiece) {
  for (const EncodingName name : all_encodings) {
    const Vocabulary& vocabulary = embedded_encoding(name).vocabulary();
    for (Token token = 0; token < vocabulary.size(); ++token) {
      ASSERT_EQ(vocabulary.find(vocabulary.bytes(token)), token);
    }
  }
}

TEST(Encoding, BytesThatAreNoUtf8CountAsTheirReplacement) {
  for (const EncodingName name : all_encodings) {
    EXPECT_EQ(encoded(name, "a\xFF\xE2\x82z"), encoded(name, "a\xEF\xBF\xBD\xEF\xBF\xBDz"));
  }
}

TEST(Encoding, NamesOfSpecialTokensArePlainText) {
  for (const EncodingName name : all_encodings) {
    EXPECT_GT(encoded(name, "<|endoftext|>").size(), 1U);
  }
}

TEST(Encoding, OfNothingIsNothing) {
  for (const EncodingName name : all_encodings) {
    EXPECT_EQ(embedded_encoding(name).count(""), 0U);
    EXPECT_EQ(embedded_encoding(name).fitting_prefix("", 0), 0U);
  }
}

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += part;
  return text;
}

// A quadratic step anywhere would keep these running for minutes.
TEST(Encoding, NoLongRunIsSlow) {
  Random random(3);
  std::string base64;
  while (base64.size() < 1'000'000) {
    base64 += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[random.below(52)];
  }
  const std::string runs[] = {base64,
                              repeated("a", 1'000'000),
                              repeated(" ", 1'000'000),
                              repeated("\xE4\xB8\xAD\xE6\x96\x87", 1'000'000),
                              repeated("A", 200'000),
                              repeated("\n", 200'000),
                              repeated(" \n", 200'000),
                              "\xE4\xB8\xAD" + repeated("A", 200'000),
                              repeated("\xE4\xB8\xAD"
                                       "AB",
                                       200'000),
                              repeated("'", 200'000),
                              repeated("\xCC\x81", 200'000),
                              repeated("\xFF", 100'000)};
  for (const std::string& run : runs) {
    for (const EncodingName name : all_encodings) {
      const std::size_t tokens = embedded_encoding(name).count(run);
      EXPECT_GT(tokens, 0U);
      EXPECT_LE(tokens, 3 * run.size());
    }
  }
}

TEST(FittingPrefix, FitsAndEndsAtALineWhereOneFits) {
  const std::string text = "int main() {\n  return 0;\n}\n\n// done\n//\nvoid f();";
  for (const EncodingName name : all_encodings) {
    const Encoding& encoding = embedded_encoding(name);
    const std::size_t first_line = encoding.count("int main() {\n");
    const std::size_t all = encoding.count(text);
    for (std::size_t most = 0; most <= all; ++most) {
      const std::size_t fitting = encoding.fitting_prefix(text, most);
      EXPECT_LE(encoding.count(text.substr(0, fitting)), most);
      if (most >= first_line && most < all) {
        EXPECT_EQ(text[fitting - 1], '\n') << most;
      }
    }
    EXPECT_EQ(encoding.fitting_prefix(text, all), text.size());
    EXPECT_EQ(encoding.fitting_prefix(text, 1), std::string("int").size());
  }
}

TEST(FittingPrefix, HoldsForAnyText) {
  Random random(4);
  for (int round = 0; round < 1500; ++round) {
    std::string text = random_text(random, 30);
    if (random.one_in(3)) text = damaged(text, random);
    if (random.one_in(8))
      text = repeated(
          "\xE4\xB8\xAD"
          "a\xF0\x9F\x98\x80",
          300);
    const auto most = static_cast<std::size_t>(random.below(40));
    for (const EncodingName name : all_encodings) {
      const Encoding& encoding = embedded_encoding(name);
      const std::size_t fitting = encoding.fitting_prefix(text, most);
      ASSERT_LE(fitting, text.size());
      ASSERT_EQ(text::utf8_floor(text, fitting), fitting);
      ASSERT_LE(encoding.count(std::string_view(text).substr(0, fitting)), most) << text;
      ASSERT_TRUE(encoding.count(text) > most || fitting == text.size()) << text;
      ASSERT_TRUE(most < 12 || text.empty() || fitting > 0) << text;
    }
  }
}

TEST(FittingPrefix, CutsInsideAPieceThatIsTooLong) {
  const std::string word(10'000, 'a');
  for (const EncodingName name : all_encodings) {
    const Encoding& encoding = embedded_encoding(name);
    const std::size_t fitting = encoding.fitting_prefix(word, 100);
    EXPECT_LE(encoding.count(word.substr(0, fitting)), 100U);
    EXPECT_GT(encoding.count(word.substr(0, fitting)), 90U);
  }
}

}  // namespace
}  // namespace weir::tokens
