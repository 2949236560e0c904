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

}  // namespace
}  // namespace weir::text
