#include "retrieval_query.hpp"

#include <gtest/gtest.h>

namespace weir::edge {
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

TEST(QueryFor, AsksTheLastMessageUnderTheRequestsFilters) {
  prompt::ChatRequest request;
  request.messages = {{prompt::Role::user, "first"}, {prompt::Role::user, "second"}};
  request.included_dirs = {"./src", "lib/"};
  request.excluded_files = {"*.min.js"};
  request.file_path = "src/main.c";
  const retrieval::Query query = query_for(request);
  EXPECT_EQ(query.text, "second");
  EXPECT_EQ(query.include, (std::vector<std::string>{"src/", "lib/"}));
  EXPECT_EQ(query.exclude, (std::vector<std::string>{"*.min.js"}));
  EXPECT_EQ(query.prefer_path, "src/main.c");
}

}  // namespace
}  // namespace weir::edge
