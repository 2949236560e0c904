#include "weir/retrieval/index_builder.hpp"

#include <algorithm>

#include "support.hpp"
#include "weir/base/hash.hpp"

namespace weir::retrieval {
namespace {

TEST(IndexBuilder, MakesTheSamePackWhateverTheOrder) {
  Files files = sample_files();
  const auto pack = make_pack(files);
  std::reverse(files.begin(), files.end());
  EXPECT_EQ(make_pack(files), pack);
  std::swap(files[0], files[2]);
  EXPECT_EQ(make_pack(files), pack);
}

TEST(IndexBuilder, MakesTheSamePackWithAnyNumberOfWorkers) {
  const auto alone = make_pack(sample_files());
  for (const std::size_t count : {2U, 3U, 40U}) {
    IndexBuilder builder({});
    for (const auto& [path, text] : sample_files()) builder.add(path, as_bytes(text));
    const Workers backwards{count, [](std::size_t tasks, const Workers::Task& task) {
                              while (tasks > 0) task(--tasks);
                            }};
    std::vector<std::uint8_t> pack;
    const auto sink = [&](Bytes part) {
      pack.insert(pack.end(), part.begin(), part.end());
      return true;
    };
    const auto head = builder.write(sink, backwards);
    ASSERT_TRUE(head);
    std::copy(head->begin(), head->end(), pack.begin());
    EXPECT_EQ(pack, alone) << count;
  }
}

/// Built as wasm this runs too: both builds must give these bytes.
TEST(IndexBuilder, MakesTheSamePackInEveryBuild) {
  const auto pack = make_pack(sample_files());
  EXPECT_EQ(fnv1a(as_text(pack)), 10079552695306838568ULL);
}

TEST(IndexBuilder, SaysWhyAFileIsLeftOut) {
  IndexOptions options;
  options.limits.file_bytes = 100;
  options.exclude = {"*.gen.c", "!dist/"};
  IndexBuilder builder(options);
  EXPECT_EQ(builder.admits("a.c", 10), Admission::added);
  EXPECT_EQ(builder.admits("a.c", 0), Admission::empty);
  EXPECT_EQ(builder.admits("a.c", 101), Admission::too_large);
  EXPECT_EQ(builder.admits("x/a.PNG", 10), Admission::binary);
  EXPECT_EQ(builder.admits("yarn.lock", 10), Admission::generated);
  EXPECT_EQ(builder.admits("lib/a.min.js", 10), Admission::generated);
  EXPECT_EQ(builder.admits("a/node_modules/b.js", 10), Admission::excluded);
  EXPECT_EQ(builder.admits("a.gen.c", 10), Admission::excluded);
  EXPECT_EQ(builder.admits("dist/a.js", 10), Admission::added);
  EXPECT_EQ(builder.admits("../a.c", 10), Admission::bad_path);

  EXPECT_EQ(builder.add("a.c", as_bytes("int a;")), Admission::added);
  EXPECT_EQ(builder.add("a.c", as_bytes("int a;")), Admission::duplicate);
  EXPECT_EQ(builder.add("b.c", as_bytes(std::string_view("a\0b", 3))), Admission::binary);
  EXPECT_EQ(builder.add("c.c", as_bytes("\xcf\xe0\xf0")), Admission::other_encoding);
  EXPECT_EQ(builder.add("d.c", as_bytes(" \n\n")), Admission::empty);
  EXPECT_EQ(builder.files(), 1U);
  EXPECT_EQ(builder.chunks(), 1U);
  EXPECT_EQ(builder.bytes(), 6U);
}

TEST(IndexBuilder, TakesOnlyWhatIsIncluded) {
  IndexOptions options;
  options.include = {"src/"};
  const IndexBuilder builder(options);
  EXPECT_EQ(builder.admits("src/a/b.c", 10), Admission::added);
  EXPECT_EQ(builder.admits("lib/b.c", 10), Admission::excluded);
}

TEST(IndexBuilder, TakesTextInOtherEncodingsInAsUtf8) {
  const std::string_view utf16("\xff\xfei\0n\0t\0 \0\xe9\0;\0", 14);
  IndexBuilder builder({});
  EXPECT_EQ(builder.add("a.c", as_bytes(utf16)), Admission::from_utf16);
  IndexBuilder same({});
  EXPECT_EQ(same.add("a.c", as_bytes("int \u00e9;")), Admission::added);
  EXPECT_EQ(*std::move(builder).finish(), *std::move(same).finish());
}

TEST(IndexBuilder, RefusesMoreThanItsLimits) {
  IndexOptions options;
  options.limits.files = 1;
  IndexBuilder builder(options);
  EXPECT_EQ(builder.add("a.c", as_bytes("int a;")), Admission::added);
  EXPECT_EQ(builder.add("b.c", as_bytes("int b;")), Admission::added);
  const auto pack = std::move(builder).finish();
  ASSERT_FALSE(pack);
  EXPECT_EQ(pack.error().code, ErrorCode::request_too_large);
}

}  // namespace
}  // namespace weir::retrieval
