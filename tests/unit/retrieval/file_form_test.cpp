#include "weir/retrieval/file_form.hpp"

#include <gtest/gtest.h>

namespace weir::retrieval {
namespace {

TEST(FileForm, IsToldFromTheName) {
  EXPECT_EQ(form_of("a/README.md"), FileForm::markdown);
  EXPECT_EQ(form_of("docs/index.rst"), FileForm::restructured);
  EXPECT_EQ(form_of("notes.TXT"), FileForm::plain);
  EXPECT_EQ(form_of("src/CMakeLists.txt"), FileForm::code);
  EXPECT_EQ(form_of("Makefile"), FileForm::code);
  EXPECT_EQ(form_of("api/Index.XHTML"), FileForm::html);
}

TEST(FilePrior, LowersChangelogsVendoredCodeAndDocumentation) {
  EXPECT_EQ(prior_of("CHANGELOG.md"), 50U);
  EXPECT_EQ(prior_of("deps/lua/lua.c"), 80U);
  EXPECT_EQ(prior_of("docs/guide.md"), 90U);
  EXPECT_EQ(prior_of("tests/url_test.c"), 100U);
  EXPECT_EQ(prior_of("src/changes.c"), 100U);
}

TEST(FileName, AndStemAreTheLastPart) {
  EXPECT_EQ(file_name("a/b.tar.gz"), "b.tar.gz");
  EXPECT_EQ(file_stem("a/b.tar.gz"), "b.tar");
  EXPECT_EQ(file_stem(".gitignore"), ".gitignore");
}

}  // namespace
}  // namespace weir::retrieval
