#include "weir/retrieval/intake.hpp"

#include <gtest/gtest.h>

#include "weir/retrieval/whole_pack.hpp"

namespace weir::retrieval {
namespace {

using Paths = std::vector<std::string>;

TEST(Intake, HonoursGitignoreFilesAndSaysSo) {
  Intake intake({});
  intake.ignore("", "*.log\nsecret/\n");
  intake.ignore("keep", "!*.log\n");
  EXPECT_FALSE(intake.admits("a.log", 10));
  EXPECT_TRUE(intake.admits("keep/a.log", 10));
  EXPECT_FALSE(intake.enters("secret"));
  EXPECT_FALSE(intake.admits("secret/a.c", 10));
  EXPECT_TRUE(intake.enters("src"));
  const IntakeReport::Fate& ignored = intake.report().of(Admission::ignored);
  EXPECT_EQ(ignored.files, 3U);
  EXPECT_EQ(ignored.bytes, 20U);
  EXPECT_EQ(ignored.paths, (Paths{"a.log", "secret/", "secret/a.c"}));
}

TEST(Intake, DoesNotWalkIntoExcludedFolders) {
  IndexOptions options;
  options.exclude = {"generated/", "!dist/"};
  Intake intake(options);
  EXPECT_FALSE(intake.enters("a/node_modules"));
  EXPECT_FALSE(intake.enters("generated"));
  EXPECT_TRUE(intake.enters("dist"));
  EXPECT_EQ(intake.report().of(Admission::excluded).paths,
            (Paths{"a/node_modules/", "generated/"}));
}

TEST(Intake, KeepsAccountOfWhatComesInToo) {
  Intake intake({});
  ASSERT_TRUE(intake.admits("a.c", 6));
  EXPECT_TRUE(intake.add("a.c", as_bytes("int a;")));
  EXPECT_TRUE(intake.add("b.txt", as_bytes("caf\xe9 noir")));
  EXPECT_FALSE(intake.add("c.txt", as_bytes("\xcf\xf0\xe8\xe2\xe5\xf2")));
  intake.leave_out("d.c", 7, Admission::unreadable);
  EXPECT_EQ(intake.report().of(Admission::added).files, 1U);
  EXPECT_EQ(intake.report().of(Admission::from_windows_1252).paths, Paths{"b.txt"});
  EXPECT_EQ(intake.report().of(Admission::other_encoding).paths, Paths{"c.txt"});
  EXPECT_EQ(intake.report().of(Admission::unreadable).bytes, 7U);
  const auto bytes = std::move(intake).finish();
  ASSERT_TRUE(bytes);
  const auto pack = WholePack::open(*bytes);
  ASSERT_TRUE(pack);
  EXPECT_EQ((*pack)->info().files, 2U);
}

TEST(Intake, TakesACommitThatComesLate) {
  const std::string commit = "0123456789abcdef0123456789abcdef01234567";
  Intake intake({});
  intake.name_commit("main");
  EXPECT_TRUE(intake.add("a.c", as_bytes("int a;")));
  intake.name_commit(commit);
  intake.name_commit("0123");
  const auto bytes = std::move(intake).finish();
  ASSERT_TRUE(bytes);
  EXPECT_EQ((*WholePack::open(*bytes))->info().commit, commit);
}

TEST(Intake, TakesTheRepositorysNameLate) {
  Intake intake({});
  EXPECT_TRUE(intake.add("a.c", as_bytes("int a;")));
  intake.name_repository("git.example/o/r");
  const auto bytes = std::move(intake).finish();
  ASSERT_TRUE(bytes);
  EXPECT_EQ((*WholePack::open(*bytes))->info().repository, "git.example/o/r");
}

TEST(Intake, NamesNotMoreFilesThanItsLimit) {
  IndexOptions options;
  options.limits.reported_paths = 2;
  Intake intake(options);
  for (const char* const path : {"a.png", "b.png", "c.png"}) EXPECT_FALSE(intake.admits(path, 1));
  EXPECT_EQ(intake.report().of(Admission::binary).files, 3U);
  EXPECT_EQ(intake.report().of(Admission::binary).paths, (Paths{"a.png", "b.png"}));
}

}  // namespace
}  // namespace weir::retrieval
