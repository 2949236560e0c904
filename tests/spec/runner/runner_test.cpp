#include <gtest/gtest.h>

#include "spec/runner/document.hpp"
#include "spec/runner/run.hpp"
#include "spec/runner/words.hpp"

namespace weir::spec {
namespace {

/// Says back what it gets, one line for each piece.
class Echo : public Subject {
 public:
  explicit Echo(Cutter& cutter) : cutter_(cutter) {}
  void input(std::string_view line, std::vector<std::string>& out) override {
    for (const std::string_view piece : cutter_.cut(line)) out.emplace_back(piece);
  }
  void time(Instant now, std::vector<std::string>& out) override {
    out.push_back(std::to_string(now.time_since_epoch() / 1ms) + " ms");
  }

 private:
  Cutter& cutter_;
};

std::unique_ptr<Subject> make_echo(Cutter& cutter) {
  return std::make_unique<Echo>(cutter);
}

Document with_block(const std::string& block) {
  return read_document("x.md",
                       "---\nsubject: echo\n---\n# X\n\n## It echoes\n\nWords.\n\n" + block);
}

TEST(SpecRunner, PassesWhatCameAsWritten) {
  const Document document =
      with_block("```\n> a\n< a\n# why\n@ 1.5s\n< 1500 ms\n@ +1s\n< 2500 ms\n```\n");
  ASSERT_TRUE(document.problems.empty());
  ASSERT_EQ(document.cases.size(), 1U);
  EXPECT_EQ(document.subject, "echo");
  EXPECT_EQ(run_case(document.cases[0], make_echo), "");
}

TEST(SpecRunner, FailsOnMissingWrongAndExtraOutput) {
  for (const char* block :
       {"```\n> a\n```\n", "```\n> a\n< b\n```\n", "```\n> a\n< a\n< a\n```\n"}) {
    EXPECT_NE(run_case(with_block(block).cases.at(0), make_echo), "") << block;
  }
}

TEST(SpecRunner, EverySplitFeedsPieces) {
  const Document document = with_block("``` every split\n> ab\n< ab\n```\n");
  EXPECT_NE(run_case(document.cases.at(0), make_echo), "") << "echo tells the pieces apart";
}

TEST(SpecRunner, NamesWhatBreaksTheFormat) {
  for (const char* block : {"", "```\n> a\n", "```\n< a\n```\n", "```\nhello\n```\n",
                            "```\n@ soon\n```\n", "```\n@ 2s\n@ 1s\n```\n", "```cpp\n> a\n```\n"}) {
    EXPECT_FALSE(with_block(block).problems.empty()) << block;
  }
  EXPECT_FALSE(read_document("x.md", "## A\n```\n> a\n```\n").problems.empty());
}

TEST(SpecRunner, EscapesGoBothWays) {
  EXPECT_EQ(unescape("a\\n\\\\\\x41\\q"), "a\n\\A\\q");
  EXPECT_EQ(escape("a\n\x01\\"), "a\\n\\x01\\\\");
}

}  // namespace
}  // namespace weir::spec
