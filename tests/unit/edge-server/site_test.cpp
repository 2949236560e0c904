#include "site.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace weir::edge {
namespace {

namespace fs = std::filesystem;

class SiteTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(root_ / "site/assets");
    write("site/index.html", "<p>hello");
    write("site/assets/index-B2x4_pQ9.js", "1");
    write("site/app.wasm", "raw");
    write("site/app.wasm.br", "packed");
    write("secret.txt", "secret");
    fs::create_symlink(root_ / "secret.txt", root_ / "site/link.txt");
    fs::create_directory_symlink(root_, root_ / "site/up");
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const char* path, std::string_view text) { std::ofstream(root_ / path) << text; }

  Reply get(std::string_view path, const FileRequest& request = {}) {
    const Result<Site> site = Site::load((root_ / "site").string());
    EXPECT_TRUE(site);
    body_.clear();
    const Reply reply = site->file(path, request);
    const Content body = reply.body();  // goes with the site
    EXPECT_TRUE(body.append(body_, 0, static_cast<std::size_t>(body.size())));
    return reply;
  }

  static std::string header(const Reply& reply, std::string_view name) {
    for (const auto& [each, value] : reply.headers) {
      if (each == name) return value;
    }
    return {};
  }

  std::string body_;  ///< of the last reply
  fs::path root_ = fs::temp_directory_path() / ("weir-site-test-" + std::to_string(getpid()));
};

TEST_F(SiteTest, ServesTheIndexAtTheRoot) {
  const Reply reply = get("");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(body_, "<p>hello");
  EXPECT_EQ(header(reply, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(header(reply, "Cache-Control"), "no-cache");
}

TEST_F(SiteTest, LetsHashedNamesBeKeptForEver) {
  EXPECT_EQ(header(get("assets/index-B2x4_pQ9.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
}

TEST_F(SiteTest, SendsThePackedSiblingToWhoTakesIt) {
  const Reply packed = get("app.wasm", {.accept_encoding = "gzip, br"});
  EXPECT_EQ(body_, "packed");
  EXPECT_EQ(header(packed, "Content-Encoding"), "br");
  EXPECT_EQ(header(packed, "Content-Type"), "application/wasm");
  const Reply raw = get("app.wasm");
  EXPECT_EQ(body_, "raw");
  EXPECT_EQ(header(raw, "Vary"), "Accept-Encoding");
  EXPECT_NE(header(raw, "ETag"), header(packed, "ETag"));
}

TEST_F(SiteTest, ServesNothingOutsideItsFolder) {
  for (const char* path : {"link.txt", "up/secret.txt", "../secret.txt", "missing", "assets"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

TEST(IsHashed, AsksForAHashUnderAssets) {
  EXPECT_TRUE(is_hashed("assets/app-0a1b2c3d.css"));
  EXPECT_FALSE(is_hashed("assets/app.css"));
  EXPECT_FALSE(is_hashed("assets/app-short.css"));
  EXPECT_FALSE(is_hashed("app-0a1b2c3d.css"));
}

TEST(Site, WithoutAFolderHasNothing) {
  const Result<Site> site = Site::load("");
  ASSERT_TRUE(site);
  EXPECT_EQ(site->file("", {}).status, 404);
  EXPECT_FALSE(Site::load("no-such-folder"));
}

}  // namespace
}  // namespace weir::edge
