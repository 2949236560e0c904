#include "weir/prompt/context.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "weir/retrieval/index_builder.hpp"
#include "weir/retrieval/whole_pack.hpp"

namespace weir::prompt {
namespace {

class FindContext : public ::testing::Test {
 protected:
  FindContext() {
    retrieval::IndexOptions options;
    options.repository = "acme/widgets";
    retrieval::IndexBuilder builder(options);
    builder.add("src/main.c", as_bytes("int main(void) { return parse_lines(); }\n"));
    builder.add("src/lines.c", as_bytes("int parse_lines(void) { return 1; }\n"));
    builder.add("doc/lines.md", as_bytes("parse_lines reads lines.\n"));
    std::string long_file;
    for (int i = 0; i < 1000; ++i) long_file += "int number_" + std::to_string(i) + ";\n";
    builder.add("src/long.c", as_bytes(long_file));
    bytes_ = *std::move(builder).finish();
    request_.messages = {{Role::user, "main"}, {Role::user, "parse_lines"}};
  }

  Context found() {
    auto pack = retrieval::WholePack::open(bytes_);
    EXPECT_TRUE(pack);
    ContextSearch search(request_, queries_for(request_), **pack, limits_);
    const auto done = search.run();
    EXPECT_TRUE(done && *done);
    return std::move(search).take();
  }

  std::vector<std::string> paths() {
    std::vector<std::string> paths;
    for (const Passage& passage : found().passages) paths.push_back(passage.path);
    return paths;
  }

  std::vector<std::uint8_t> bytes_;
  ChatRequest request_;
  limits::Request limits_;
};

TEST_F(FindContext, AsksTheLastMessageUnderTheRequestsFilters) {
  EXPECT_EQ(paths().size(), 3U);
  request_.included_dirs = {"./src"};
  request_.excluded_files = {"main.*"};
  EXPECT_EQ(paths(), (std::vector<std::string>{"src/lines.c"}));
}

TEST_F(FindContext, AsksWhatATurnOfResearchIsToLookUp) {
  request_.research = ResearchTurn{ResearchStage::update, 2, {"main", "number_999"}};
  const std::vector<std::string> list = paths();
  ASSERT_GE(list.size(), 2U);
  EXPECT_EQ(list[0], "src/main.c");
  EXPECT_EQ(list[1], "src/long.c");
}

TEST_F(FindContext, BringsTheFileThatTheQuestionIsAbout) {
  EXPECT_FALSE(found().file);
  request_.file_path = "./src/main.c";
  EXPECT_EQ(found().file,
            (Passage{"src/main.c", 1, 1, "int main(void) { return parse_lines(); }\n"}));
  request_.file_path = "src/none.c";
  EXPECT_FALSE(found().file);
}

TEST_F(FindContext, CutsALongFileAtALine) {
  request_.file_path = "src/long.c";
  EXPECT_EQ(found().file->end_line, 1000U);
  limits_.file_bytes = 100;
  const auto file = found().file;
  ASSERT_TRUE(file);
  EXPECT_EQ(file->end_line, 7U);
  EXPECT_LE(file->text.size(), 100U);
  EXPECT_EQ(file->text.back(), '\n');
  limits_.file_bytes = 5;
  EXPECT_FALSE(found().file);
}

}  // namespace
}  // namespace weir::prompt
