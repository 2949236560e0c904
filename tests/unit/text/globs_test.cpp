#include "weir/text/globs.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::text {
namespace {

bool matches(const std::vector<std::string>& patterns, std::string_view path) {
  return Globs(patterns).matches(path);
}

TEST(Globs, MatchNothingWithoutRules) {
  EXPECT_FALSE(matches({}, "a"));
  EXPECT_FALSE(matches({"", "# comment", "  "}, "a"));
}

TEST(Globs, WithoutASlashMatchAtAnyDepth) {
  EXPECT_TRUE(matches({"*.min.js"}, "a.min.js"));
  EXPECT_TRUE(matches({"*.min.js"}, "web/lib/a.min.js"));
  EXPECT_FALSE(matches({"*.min.js"}, "web/a.js"));
}

TEST(Globs, WithAnInnerOrLeadingSlashAreAnchored) {
  EXPECT_TRUE(matches({"docs/*.md"}, "docs/a.md"));
  EXPECT_FALSE(matches({"docs/*.md"}, "x/docs/a.md"));
  EXPECT_FALSE(matches({"docs/*.md"}, "docs/x/a.md"));
  EXPECT_TRUE(matches({"/build"}, "build/a.o"));
  EXPECT_FALSE(matches({"/build"}, "x/build/a.o"));
}

TEST(Globs, OfAFolderMatchAllThatLiesInIt) {
  EXPECT_TRUE(matches({"node_modules/"}, "a/node_modules/b/c.js"));
  EXPECT_TRUE(matches({"node_modules"}, "a/node_modules/b/c.js"));
  EXPECT_FALSE(matches({"node_modules/"}, "a/node_modules"));
  EXPECT_TRUE(Globs(std::vector<std::string>{"node_modules/"}).matches_folder("a/node_modules"));
}

TEST(Globs, DoubleStarsSpanFolders) {
  EXPECT_TRUE(matches({"src/**/test.c"}, "src/test.c"));
  EXPECT_TRUE(matches({"src/**/test.c"}, "src/a/b/test.c"));
  EXPECT_TRUE(matches({"**/gen/*.h"}, "a/b/gen/x.h"));
  EXPECT_TRUE(matches({"src/**"}, "src/a/b"));
  EXPECT_FALSE(matches({"src/**"}, "src"));
  EXPECT_FALSE(matches({"src/**"}, "lib/src/a"));
}

TEST(Globs, TheLastMatchingRuleDecides) {
  EXPECT_FALSE(matches({"*.log", "!keep.log"}, "a/keep.log"));
  EXPECT_TRUE(matches({"*.log", "!keep.log", "a/*.log"}, "a/keep.log"));
  EXPECT_FALSE(matches({"dist/", "!dist/"}, "dist/a.js"));
}

TEST(Globs, AMatchedFolderKeepsItsFilesWhateverLaterRulesSay) {
  EXPECT_TRUE(matches({"out/", "!out/keep.txt"}, "out/keep.txt"));
  EXPECT_FALSE(matches({"out/*", "!out/keep.txt"}, "out/keep.txt"));
}

TEST(Globs, SayNothingOfAPathThatNoRuleMatches) {
  Globs globs;
  globs.add("*.log");
  globs.add("!keep.log");
  EXPECT_EQ(globs.verdict("a.log", false), true);
  EXPECT_EQ(globs.verdict("keep.log", false), false);
  EXPECT_EQ(globs.verdict("a.txt", false), std::nullopt);
}

TEST(GlobPart, KnowsClassesEscapesAndWholeCharacters) {
  EXPECT_TRUE(matches_part("a?c", "abc"));
  EXPECT_TRUE(matches_part("a?c", "a\u00e9c"));
  EXPECT_TRUE(matches_part("[a-c]x[!0-9]", "bxz"));
  EXPECT_FALSE(matches_part("[a-c]x[!0-9]", "bx5"));
  EXPECT_TRUE(matches_part("[]x]", "]"));
  EXPECT_TRUE(matches_part("[ab", "[ab"));
  EXPECT_TRUE(matches_part("\\*", "*"));
  EXPECT_FALSE(matches_part("\\*", "a"));
  EXPECT_TRUE(matches_part("a\\", "a\\"));
  EXPECT_TRUE(matches_part("*a*b", "xaxbab"));
  EXPECT_FALSE(matches_part("", "a"));
  EXPECT_TRUE(matches_part("**", ""));
}

TEST(Globs, StayFastWhereBacktrackingWouldExplode) {
  std::string pattern, path;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  for (int i = 0; i < 5000; ++i) path += 'a';
  EXPECT_FALSE(matches_part(pattern + "b", path));
  std::string deep, folders;
  for (int i = 0; i < 50; ++i) deep += "**/a/";
  for (int i = 0; i < 300; ++i) folders += "a/";
  EXPECT_FALSE(matches({deep + "b"}, folders + "c"));
}

}  // namespace
}  // namespace weir::text
