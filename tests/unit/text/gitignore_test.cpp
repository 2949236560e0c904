#include "weir/text/gitignore.hpp"

#include <gtest/gtest.h>

namespace weir::text {
namespace {

TEST(GitIgnore, HoldsBeneathItsFolderOnly) {
  GitIgnore rules;
  rules.add("a/[b]", "*.tmp\n/gen\n");
  EXPECT_TRUE(rules.ignores("a/[b]/c/x.tmp"));
  EXPECT_TRUE(rules.ignores("a/[b]/gen/x"));
  EXPECT_FALSE(rules.ignores("a/[b]/c/gen/x"));
  EXPECT_FALSE(rules.ignores("a/b/x.tmp"));
  EXPECT_FALSE(rules.ignores("x.tmp"));
}

TEST(GitIgnore, TheNearestFileThatSaysAnythingDecides) {
  GitIgnore rules;
  rules.add("a/b", "*.log\n");
  rules.add("", "*.log\n!top.log\n");
  rules.add("a", "!*.log\n");
  EXPECT_TRUE(rules.ignores("x.log"));
  EXPECT_FALSE(rules.ignores("top.log"));
  EXPECT_FALSE(rules.ignores("a/x.log"));
  EXPECT_TRUE(rules.ignores("a/b/top.log"));
  EXPECT_FALSE(rules.ignores("a/b/x.txt"));
}

TEST(GitIgnore, NothingLeadsBackIntoAnIgnoredFolder) {
  GitIgnore rules;
  rules.add("", "out/\n");
  rules.add("out", "!keep.txt\n");
  EXPECT_TRUE(rules.ignores("out/keep.txt"));
  EXPECT_TRUE(rules.ignores_folder("out"));
  EXPECT_FALSE(rules.ignores("out"));
}

TEST(GitIgnore, ReadsFilesAsEditorsLeaveThem) {
  GitIgnore rules;
  rules.add("", "\xEF\xBB\xBF# what is built\r\n*.o\r\n\r\n*.a");
  EXPECT_TRUE(rules.ignores("x.o"));
  EXPECT_TRUE(rules.ignores("x.a"));
  EXPECT_FALSE(rules.ignores("# what is built"));
}

}  // namespace
}  // namespace weir::text
