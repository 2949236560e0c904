#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::training {

/// A word of a text: its number in Corpus::words and 1 + ln of how often it stands there.
struct Count {
  std::uint32_t word;
  float value;
};

/// A sentence and the code that it is about.
struct Pair {
  std::vector<Count> question;
  std::vector<Count> text;
  std::uint32_t package;
};

struct Corpus {
  std::vector<Pair> pairs;
  std::vector<std::string> words;  ///< stemmed parts, those of the most pairs first
  std::vector<float> idf;          ///< of each word
  std::uint32_t packages = 0;
};

/// Reads the lines of make_pairs.mjs. Words that fewer than three packages use are left out, and
/// all beyond the `words_most` that stand in the most pairs.
Corpus read_corpus(const std::string& path, std::size_t words_most);

}  // namespace weir::training
