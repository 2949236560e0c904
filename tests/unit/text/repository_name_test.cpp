#include "weir/text/repository_name.hpp"

#include <gtest/gtest.h>

namespace weir::text {
namespace {

TEST(NamesRepository, ComparesOwnerAndName) {
  EXPECT_TRUE(names_repository("https://github.com/Acme/Widgets", "acme/widgets"));
  EXPECT_TRUE(names_repository("https://github.com/acme/widgets.git/", "acme/widgets"));
  EXPECT_TRUE(names_repository("git@github.com:acme/widgets.git", "acme/widgets"));
  EXPECT_TRUE(names_repository("acme/widgets", "acme/widgets"));
  EXPECT_FALSE(names_repository("https://github.com/other/widgets", "acme/widgets"));
  EXPECT_FALSE(names_repository("https://github.com/acme/gadgets", "acme/widgets"));
}

TEST(NamesRepository, LetsALocalPackHaveNoOwner) {
  EXPECT_TRUE(names_repository("https://github.com/acme/widgets", "widgets"));
  EXPECT_TRUE(names_repository("widgets", "acme/widgets"));
  EXPECT_FALSE(names_repository("", ""));
  EXPECT_FALSE(names_repository("https://github.com/acme/widgets", ""));
}

TEST(NamesRepository, TellsHostsApart) {
  EXPECT_TRUE(names_repository("https://github.com/acme/widgets", "github.com/acme/widgets"));
  EXPECT_TRUE(names_repository("acme/widgets", "github.com/acme/widgets"));
  EXPECT_FALSE(names_repository("https://gitlab.com/acme/widgets", "github.com/acme/widgets"));
  EXPECT_FALSE(
      names_repository("https://git.example:8443/acme/widgets", "git.example/acme/widgets"));
  EXPECT_TRUE(names_repository("https://git.example/a/b/widgets", "git.example/a/b/widgets"));
  EXPECT_FALSE(names_repository("https://git.example/c/b/widgets", "git.example/a/b/widgets"));
}

TEST(RepositoryName, IsReadFromWhatPeopleAndGitWrite) {
  for (const char* const text :
       {"https://github.com/acme/widgets", "https://github.com/acme/widgets.git",
        "git@github.com:acme/widgets.git", "ssh://git@github.com/acme/widgets.git",
        "github.com/acme/widgets", "https://github.com/acme/widgets/"}) {
    EXPECT_EQ(read_repository_name(text).whole(), "github.com/acme/widgets") << text;
  }
  EXPECT_EQ(read_repository_name("acme/widgets").whole(), "acme/widgets");
  EXPECT_EQ(read_repository_name("widgets").whole(), "widgets");
  EXPECT_EQ(read_repository_name("localhost:8080/a/w").host, "localhost:8080");
  EXPECT_EQ(read_repository_name("https://git.example/a/b/c/w").owner, "a/b/c");
}

TEST(RepositoryName, NeverHoldsASecretOrAPlaceOnThisMachine) {
  for (const char* const text :
       {"https://me:hunter2@github.com/acme/widgets.git", "https://hunter2@github.com/acme/widgets",
        "https://github.com/acme/widgets?private_token=hunter2", "hunter2@github.com:acme/widgets",
        "https://me:hun@ter2@github.com/acme/widgets"}) {
    EXPECT_EQ(read_repository_name(text).whole(), "github.com/acme/widgets") << text;
  }
  for (const char* const text :
       {"/srv/git/me/widgets.git", "../me/widgets", "file:///srv/me/widgets"})
    EXPECT_EQ(read_repository_name(text).whole(), "widgets") << text;
}

}  // namespace
}  // namespace weir::text
