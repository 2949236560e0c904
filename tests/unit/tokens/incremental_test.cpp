#include "weir/tokens/incremental.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/random_text.hpp"
#include "support/vocabularies.hpp"

namespace weir::tokens {
namespace {

TEST(IncrementalCounter, EqualsTheWholeAtEverySplit) {
  const std::string text =
      "Don't  stop\n\n  it'll be caf\xC3\xA9 \xE4\xB8\xAD\xE6\x96\x87"
      "ABC 1234 \xF0\x9F\x98\x80 //\n/ \xFF\xE2\x82";
  for (const EncodingName name : all_encodings) {
    const Encoding& encoding = embedded_encoding(name);
    for (std::size_t split = 0; split <= text.size(); ++split) {
      IncrementalCounter counter(encoding);
      counter.append(std::string_view(text).substr(0, split));
      EXPECT_EQ(counter.total(), encoding.count(std::string_view(text).substr(0, split)));
      counter.append(std::string_view(text).substr(split));
      EXPECT_EQ(counter.total(), encoding.count(text)) << split;
    }
  }
}

TEST(IncrementalCounter, EqualsTheWholeAfterEveryAppend) {
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    std::string text = random_text(random, 80);
    if (random.one_in(2)) text = damaged(text, random);
    for (const EncodingName name : all_encodings) {
      const Encoding& encoding = embedded_encoding(name);
      IncrementalCounter counter(encoding);
      for (std::size_t at = 0; at < text.size();) {
        const auto part = static_cast<std::size_t>(1 + random.below(7));
        counter.append(std::string_view(text).substr(at, part));
        at = std::min(at + part, text.size());
        ASSERT_EQ(counter.total(), encoding.count(std::string_view(text).substr(0, at))) << text;
      }
    }
  }
}

TEST(IncrementalCounter, BeginsAnewAfterReset) {
  const Encoding& encoding = embedded_encoding(EncodingName::o200k_base);
  IncrementalCounter counter(encoding);
  counter.append("some text, and half a character \xE2\x82");
  counter.reset();
  EXPECT_EQ(counter.total(), 0U);
  counter.append("\xAC");
  EXPECT_EQ(counter.total(), encoding.count("\xAC"));
}

TEST(IncrementalCounter, EndlessRunsStayCheapToAppend) {
  for (const std::string_view part : {"a", " ", "A", "\n", "\xE4\xB8\xAD", "'", "\xFF"}) {
    for (const EncodingName name : all_encodings) {
      IncrementalCounter counter(embedded_encoding(name));
      std::string text;
      for (int i = 0; i < 200'000; ++i) {
        counter.append(part);
        text += part;
      }
      EXPECT_EQ(counter.total(), embedded_encoding(name).count(text));
    }
  }
}

}  // namespace
}  // namespace weir::tokens
