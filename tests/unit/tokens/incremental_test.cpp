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

/// Runs that stay one piece for long, with what makes a piece end otherwise than it seemed to.
std::string long_runs(Random& random) {
  static constexpr std::string_view runs[] = {"a",  "A",    " ",    "\n",           "\t ",
                                              "\r", "'",    "/",    "\xE4\xB8\xAD", "\xCC\x81",
                                              ";",  "\xFF", "\xE2", "abc",          "Q\xD7\x90"};
  static constexpr std::string_view turns[] = {"",  "'s",           "a", "A",       " ", "\n",
                                               "1", "\xE4\xB8\xAD", "/", "\xF0\x9F"};
  std::string text;
  for (std::uint64_t left = 1 + random.below(4); left > 0; --left) {
    const std::string_view run = runs[random.below(std::size(runs))];
    for (std::uint64_t more = random.below(200); more > 0; --more) text += run;
    text += turns[random.below(std::size(turns))];
  }
  return text;
}

TEST(IncrementalCounter, EqualsTheWholeWithinLongRuns) {
  Random random(6);
  for (int round = 0; round < 60; ++round) {
    const std::string text = long_runs(random);
    for (const EncodingName name : all_encodings) {
      const Encoding& encoding = embedded_encoding(name);
      IncrementalCounter counter(encoding);
      for (std::size_t at = 0; at < text.size();) {
        const auto part = static_cast<std::size_t>(1 + random.below(random.one_in(4) ? 90 : 3));
        counter.append(std::string_view(text).substr(at, part));
        at = std::min(at + part, text.size());
        if (random.one_in(3)) continue;
        ASSERT_EQ(counter.total(), encoding.count(std::string_view(text).substr(0, at)))
            << at << " of " << text;
      }
    }
  }
}

// Counting the tail anew each time, or even reading it, would keep these running for minutes.
TEST(IncrementalCounter, EndlessRunsStayCheap) {
  for (const std::string_view part : {"a", " ", "A", "\n", "\xE4\xB8\xAD", "'", "\xFF"}) {
    for (const EncodingName name : all_encodings) {
      IncrementalCounter counter(embedded_encoding(name));
      std::string text(part == "A" ? "\xE4\xB8\xAD" : part == " " ? "\n" : "");
      counter.append(text);
      for (int i = 0; i < 10'000; ++i) {
        counter.append(part);
        text += part;
        ASSERT_GE(counter.total(), 1U);
      }
      EXPECT_EQ(counter.total(), embedded_encoding(name).count(text));
    }
  }
}

}  // namespace
}  // namespace weir::tokens
