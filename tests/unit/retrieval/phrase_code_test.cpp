#include "weir/retrieval/phrase_code.hpp"

#include "support.hpp"
#include "weir/base/hash.hpp"

namespace weir::retrieval {
namespace {

std::vector<PhrasePart> parts_of(std::string_view text) {
  std::vector<PhrasePart> parts;
  std::string term;
  Analyzer().analyze(text, [&](const RawTerm& raw) {
    if (raw.kind != TermKind::part) return;
    normalise(raw, term);
    parts.push_back(phrase_part(term));
  });
  return parts;
}

PhraseCode code_of(std::string_view text, const std::vector<std::string>& names = {}) {
  PhraseCoder coder;
  coder.begin();
  for (const PhrasePart& part : parts_of(text)) coder.add_part(part);
  for (const std::string& name : names) coder.add_name(parts_of(name));
  return coder.code();
}

/// All of whose terms are worth the same.
PhraseFit fit(std::string_view question, const PhraseCode& code) {
  const QueryTerms terms(question);
  const std::vector<std::uint64_t> worths(terms.size(), 100);
  return AskedPhrases(terms, worths).fit(code);
}

TEST(PhraseCode, KnowsWhichWordsStandSideBySide) {
  const PhraseCode code = code_of("reads the header of a pack, then closes its file");
  EXPECT_EQ(fit("read header", code).neighbours, 1'000'000);
  EXPECT_EQ(fit("header read", code).neighbours, 1'000'000);
  EXPECT_EQ(fit("header pack", code).neighbours, 1'000'000);  // what says little is passed over
  EXPECT_EQ(fit("read file", code).neighbours, 0);
  EXPECT_EQ(fit("read header close", code).neighbours, 500'000);
  EXPECT_EQ(fit("header", code).neighbours, 0);
}

TEST(PhraseCode, PassesOverLettersAndNumbers) {
  const PhraseCode code = code_of("parse i 42 url x");
  EXPECT_EQ(fit("parse url", code).neighbours, 1'000'000);
  EXPECT_EQ(fit("url x", code).neighbours, 0);
}

TEST(PhraseCode, AWordBesideItselfIsNoNeighbour) {
  EXPECT_EQ(fit("url url", code_of("url url")).neighbours, 0);
}

TEST(PhraseCode, CompoundsAreNeighbours) {
  EXPECT_EQ(fit("parse the url", code_of("int parse_url(x)")).neighbours, 1'000'000);
  EXPECT_EQ(fit("parseUrl", code_of("parse the url")).neighbours, 1'000'000);
}

TEST(PhraseCode, ANameCountsByHowMuchOfItIsAsked) {
  const PhraseCode code = code_of("", {"read_header", "close"});
  EXPECT_EQ(fit("read the header", code).name, 2'000'000 / 3);  // all but `the`
  EXPECT_EQ(fit("read header", code).name, 1'000'000);
  EXPECT_EQ(fit("header", code).name, 1'000'000 / 16);  // half of the name, to the fourth
  EXPECT_EQ(fit("close header", code).name, 500'000);
  EXPECT_EQ(fit("open", code).name, 0);
}

TEST(PhraseCode, NamesForWhichThereIsNoRoomAreLeftOut) {
  std::vector<std::string> names = {"one_two_three_four_five_six", "seven_eight_nine_ten_eleven",
                                    "a_b_c_d_e_f_g", "twelve_thirteen"};
  const PhraseCode code = code_of("", names);
  EXPECT_EQ(fit("seven eight nine ten eleven", code).name, 1'000'000);
  EXPECT_EQ(fit("b c d e f g", code).name, 0);
  EXPECT_EQ(fit("twelve thirteen", code).name, 1'000'000);
}

TEST(PhraseCode, FewOtherPairsSeemToBeThere) {
  const auto word = [](int i) {
    return std::string("k") + static_cast<char>('a' + i % 20) + static_cast<char>('a' + i / 20) +
           "m";
  };
  std::string text;
  for (int i = 0; i < 90; ++i) text += word(i) + ' ';
  const PhraseCode code = code_of(text);
  std::int64_t found = 0;
  for (int i = 0; i < 1000; ++i) {
    found += fit(word(i % 90) + ' ' + word(100 + i / 3), code).neighbours;
  }
  EXPECT_LT(found, 200 * 1'000'000);
  EXPECT_GT(found, 0);
}

TEST(PhraseCode, IsTheSameInEveryBuild) {
  const PhraseCode code =
      code_of("int parse_url(const char* text, struct url* out)", {"parse_url", "url"});
  EXPECT_EQ(crc32(code), 2502001060U);
}

TEST(PhraseCode, OfAnyBytesDoesNoHarm) {
  PhraseCode code;
  code.fill(0xff);
  EXPECT_LE(fit("parse the url", code).name, 1'000'000);
  EXPECT_EQ(fit("parse url", code).neighbours, 1'000'000);
  code.fill(0x01);
  EXPECT_EQ(fit("parse url", code).name, 0);  // no name ends
}

TEST(PhraseCode, OfAPackDecidesAmongFilesWithTheSameWords) {
  Files files;
  for (const char* const other : {"banana", "kernel", "violin"})
    files.emplace_back(std::string(other) + ".c", std::string("socket ") + other + " close\n");
  files.emplace_back("wall.c", "close socket harbour\n");
  const OpenPack pack(files);
  EXPECT_EQ(paths(ask(*pack, "close socket")).front(), "wall.c");
}

TEST(PhraseCode, OfANameDecidesToo) {
  Files files;
  for (const char* const other : {"banana", "kernel", "violin"}) {
    files.emplace_back(std::string(other) + ".py",
                       std::string("def ") + other + "():\n    header(pack)\n    read(pack)\n");
  }
  files.emplace_back("wall.py", "def read_pack():\n    header(harbour)\n    read(harbour)\n");
  const OpenPack pack(files);
  EXPECT_EQ(paths(ask(*pack, "where is a pack read")).front(), "wall.py");
}

}  // namespace
}  // namespace weir::retrieval
