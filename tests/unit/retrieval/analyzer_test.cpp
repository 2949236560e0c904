#include "weir/retrieval/analyzer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::retrieval {
namespace {

/// Terms as indexed; a whole is written with a leading '='.
std::vector<std::string> terms(std::string_view text) {
  std::vector<std::string> list;
  std::string term;
  Analyzer().analyze(text, [&](const RawTerm& raw) {
    normalise(raw, term);
    list.push_back((raw.kind == TermKind::whole ? "=" : "") + term);
    EXPECT_LT(raw.begin, raw.end);
    EXPECT_LE(raw.end, text.size());
  });
  return list;
}

using List = std::vector<std::string>;

TEST(Analyzer, SplitsCompoundsAndKeepsThemWhole) {
  EXPECT_EQ(terms("parseUrl"), (List{"pars", "url", "=parseurl"}));
  EXPECT_EQ(terms("parse_url"), (List{"pars", "url", "=parseurl"}));
  EXPECT_EQ(terms("HTTPServer2"), (List{"http", "server", "2", "=httpserver2"}));
  EXPECT_EQ(terms("__init__"), (List{"init"}));
  EXPECT_EQ(terms("ID"), (List{"id"}));
  EXPECT_EQ(terms("aB"), (List{"a", "b", "=ab"}));
  EXPECT_EQ(terms("___"), (List{}));
}

TEST(Analyzer, SplitsPathsAndPunctuation) {
  EXPECT_EQ(terms("src/http-client.ts"), (List{"src", "http", "client", "ts"}));
}

TEST(Analyzer, GivesCjkAsOverlappingBigrams) {
  EXPECT_EQ(terms("\u975e\u540c\u671f"), (List{"\u975e\u540c", "\u540c\u671f"}));
  EXPECT_EQ(terms("\u975e"), (List{"\u975e"}));
  EXPECT_EQ(terms("a\u975eb"), (List{"a", "\u975e", "b"}));
}

TEST(Analyzer, LowersOtherScripts) {
  EXPECT_EQ(terms("\u041f\u0440\u0438\u0432\u0435\u0442"),
            (List{"\u043f\u0440\u0438\u0432\u0435\u0442"}));
}

TEST(Analyzer, SkipsWhatIsTooLongToBeAWord) {
  EXPECT_EQ(terms(std::string(41, 'a')), (List{}));
  EXPECT_EQ(terms(std::string(40, 'z')).size(), 1U);
  const std::string compound = std::string(30, 'a') + "_" + std::string(31, 'b');
  EXPECT_EQ(terms(compound).size(), 2U);
}

TEST(Analyzer, SurvivesBytesThatAreNoText) {
  EXPECT_EQ(terms("a\xff\xc3 b\xe3\x81"), (List{"a", "b"}));
}

TEST(Stem, FollowsPortersExamples) {
  const std::pair<std::string, std::string> examples[] = {
      {"caresses", "caress"},
      {"ponies", "poni"},
      {"cats", "cat"},
      {"agreed", "agre"},
      {"plastered", "plaster"},
      {"motoring", "motor"},
      {"sing", "sing"},
      {"conflated", "conflat"},
      {"sized", "size"},
      {"hopping", "hop"},
      {"falling", "fall"},
      {"filing", "file"},
      {"happy", "happi"},
      {"relational", "relat"},
      {"conditional", "condit"},
      {"digitizer", "digit"},
      {"vietnamization", "vietnam"},
      {"triplicate", "triplic"},
      {"hopefulness", "hope"},
      {"revival", "reviv"},
      {"adjustment", "adjust"},
      {"adoption", "adopt"},
      {"probate", "probat"},
      {"rate", "rate"},
      {"controll", "control"},
      {"roll", "roll"},
      {"oscillators", "oscil"},
      {"is", "is"},
      {"abc1s", "abc1s"},
  };
  for (const auto& [word, expected] : examples) {
    std::string stemmed = word;
    stem(stemmed);
    EXPECT_EQ(stemmed, expected) << word;
  }
}

}  // namespace
}  // namespace weir::retrieval
