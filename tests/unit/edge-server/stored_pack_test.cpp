#include "stored_pack.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <utility>

#include "content.hpp"
#include "weir/retrieval/index_builder.hpp"
#include "weir/retrieval/whole_pack.hpp"

namespace weir::edge {
namespace {

namespace fs = std::filesystem;

class StoredPackTest : public ::testing::Test {
 protected:
  StoredPackTest() {
    retrieval::IndexOptions options;
    options.repository = "acme/widgets";
    retrieval::IndexBuilder builder(options);
    for (int i = 0; i < 200; ++i) {
      const std::string number = std::to_string(i);
      builder.add("src/part" + number + ".c",
                  as_bytes("int part_" + number + "(void) { return widget(" + number + "); }\n"));
    }
    bytes_ = *std::move(builder).finish();
    write(as_text(bytes_));
    request_.messages = {{prompt::Role::user, "Which part makes widget 42?"}};
    request_.file_path = "src/part7.c";
  }
  ~StoredPackTest() override { fs::remove(path_); }

  void write(std::string_view text) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << text;
  }

  std::string what_the_whole_pack_has() {
    auto whole = retrieval::WholePack::open(bytes_);
    prompt::ContextSearch search(request_, prompt::queries_for(request_), **whole);
    EXPECT_TRUE(*search.run());
    return show(std::move(search).take());
  }

  static std::string show(const prompt::Context& context) {
    std::string all = context.file ? context.file->path + ":" + context.file->text : "no file\n";
    for (const Passage& passage : context.passages) all += passage.path + ":" + passage.text;
    return all;
  }

  fs::path path_ = fs::temp_directory_path() / ("weir-pack-test-" + std::to_string(getpid()));
  std::vector<std::uint8_t> bytes_;
  prompt::ChatRequest request_;
};

TEST_F(StoredPackTest, FindsWhatTheWholePackHas) {
  const auto pack = StoredPack::open(path_);
  ASSERT_TRUE(pack);
  EXPECT_EQ(pack->info().repository, "acme/widgets");
  for (int again = 0; again < 2; ++again) {
    const auto context = pack->find_context(request_, prompt::queries_for(request_));
    ASSERT_TRUE(context);
    EXPECT_EQ(show(*context), what_the_whole_pack_has());
  }
}

TEST_F(StoredPackTest, RefusesAFileWhereAnyByteIsAnother) {
  for (std::size_t at = 0; at < bytes_.size(); at += bytes_.size() / 50) {
    std::string other(as_text(bytes_));
    other[at] = static_cast<char>(other[at] ^ 1);
    write(other);
    EXPECT_FALSE(StoredPack::open(path_)) << at;
  }
}

TEST_F(StoredPackTest, RefusesAFileThatEndsEarly) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, bytes_.size() / 2}) {
    write(as_text(bytes_).substr(0, size));
    EXPECT_FALSE(StoredPack::open(path_)) << size;
  }
}

TEST_F(StoredPackTest, SaysThatItsFileWasCutShort) {
  const auto pack = StoredPack::open(path_);
  ASSERT_TRUE(pack);
  fs::resize_file(path_, bytes_.size() / 2);
  const auto context = pack->find_context(request_, prompt::queries_for(request_));
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().code, ErrorCode::pack_damaged);
}

TEST_F(StoredPackTest, SaysThatItsFileWasWrittenOver) {
  const auto pack = StoredPack::open(path_);
  ASSERT_TRUE(pack);
  write(std::string(bytes_.size(), 'x'));
  const auto context = pack->find_context(request_, prompt::queries_for(request_));
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().code, ErrorCode::pack_damaged);
}

TEST_F(StoredPackTest, KeepsReadingTheFileThatAnotherOneHasReplaced) {
  const auto pack = StoredPack::open(path_);
  ASSERT_TRUE(pack);
  fs::remove(path_);
  write("something else");
  const auto context = pack->find_context(request_, prompt::queries_for(request_));
  ASSERT_TRUE(context);
  EXPECT_EQ(show(*context), what_the_whole_pack_has());
}

TEST_F(StoredPackTest, IsSentInPartsAndNotBeyondWhatIsThere) {
  const auto pack = StoredPack::open(path_);
  ASSERT_TRUE(pack);
  const Content part = Content(pack->file()).part(8, 100);
  std::string out = "before ";
  EXPECT_TRUE(part.append(out, 10, 90));
  EXPECT_EQ(out, "before " + std::string(as_text(bytes_).substr(18, 90)));
  fs::resize_file(path_, 50);
  out = "before ";
  EXPECT_FALSE(part.append(out, 10, 90));
  EXPECT_EQ(out, "before ");
}

}  // namespace
}  // namespace weir::edge
