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

/// Built as wasm this runs too: both builds must give these bytes.
TEST(IndexBuilder, MakesTheSamePackInEveryBuild) {
  const auto pack = make_pack(sample_files());
  EXPECT_EQ(fnv1a(as_text(pack)), 332165027340246948ULL);
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
  EXPECT_EQ(builder.admits("", 10), Admission::excluded);

  EXPECT_EQ(builder.add("a.c", as_bytes("int a;")), Admission::added);
  EXPECT_EQ(builder.add("a.c", as_bytes("int a;")), Admission::duplicate);
  EXPECT_EQ(builder.add("b.c", as_bytes(std::string_view("a\0b", 3))), Admission::binary);
  EXPECT_EQ(builder.add("c.c", as_bytes("caf\xe9")), Admission::not_utf8);
  EXPECT_EQ(builder.add("d.c", as_bytes(" \n\n")), Admission::empty);
  EXPECT_EQ(builder.files(), 1U);
  EXPECT_EQ(builder.chunks(), 1U);
  EXPECT_EQ(builder.bytes(), 6U);
  for (int i = 0; i < 8; ++i) EXPECT_NE(reason(static_cast<Admission>(i)), "unknown");
}

TEST(IndexBuilder, TakesOnlyWhatIsIncluded) {
  IndexOptions options;
  options.include = {"src/"};
  const IndexBuilder builder(options);
  EXPECT_EQ(builder.admits("src/a/b.c", 10), Admission::added);
  EXPECT_EQ(builder.admits("lib/b.c", 10), Admission::excluded);
}

TEST(IndexBuilder, LeavesMinifiedTextOut) {
  IndexBuilder builder({});
  EXPECT_EQ(builder.add("a.js", as_bytes(std::string(6000, 'x'))), Admission::generated);
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
