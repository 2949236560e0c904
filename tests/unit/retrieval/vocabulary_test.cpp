#include "weir/retrieval/vocabulary.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::retrieval {
namespace {

std::vector<std::string> looked_up(Vocabulary& vocabulary, std::string_view word) {
  std::vector<std::string> keys;
  for (const std::uint32_t term : vocabulary.terms_of(word, fnv1a(word)))
    keys.emplace_back(vocabulary.keys()[term]);
  return keys;
}

std::vector<std::string> walked(std::string_view word) {
  std::vector<std::string> keys;
  std::string stem, key;
  Analyzer().analyze(word, [&](const RawTerm& raw) {
    normalise(raw, stem);
    make_key(key, raw.kind, stem);
    keys.push_back(key);
  });
  return keys;
}

TEST(Vocabulary, KnowsOfEachWordWhatTheWalkFinds) {
  Vocabulary vocabulary;
  for (int round = 0; round < 2; ++round) {  // found out, then looked up
    for (const char* const word :
         {"parseUrl", "parse_url", "HTTPServer2", "running", "runs", "__init__", "_", "x", "42",
          "parsing", "URL", "a_b_c", "thisPartIsMuchTooLongToBeAWordOfItsOwnInAnyLanguage_of_ours",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
      EXPECT_EQ(looked_up(vocabulary, word), walked(word)) << word;
    }
  }
}

}  // namespace
}  // namespace weir::retrieval
