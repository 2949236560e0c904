#include "preflight.hpp"

#include <gtest/gtest.h>

namespace weir::edge {
namespace {

std::string value(const Reply& reply, std::string_view name) {
  for (const auto& [known, text] : reply.headers) {
    if (known == name) return text;
  }
  return "(none)";
}

std::string allowed(std::string_view asked) {
  return value(preflight_reply(asked, false), "Access-Control-Allow-Headers");
}

TEST(Preflight, AllowsWhatTheSdksSend) {
  EXPECT_EQ(allowed("authorization,content-type, x-stainless-lang,x-stainless-retry-count"),
            "authorization, content-type, x-stainless-lang, x-stainless-retry-count");
}

TEST(Preflight, AllowsNothingElse) {
  EXPECT_EQ(allowed("content-type, x-other, cookie"), "content-type");
  EXPECT_EQ(allowed("x-stainless-\r\nx: y"), "");
}

TEST(Preflight, ListsAllWhereNothingWasAsked) {
  EXPECT_NE(allowed("").find("weir-key"), std::string::npos);
}

TEST(Preflight, TellsPrivateNetworksOnlyWhereAsked) {
  EXPECT_EQ(value(preflight_reply("", false), "Access-Control-Allow-Private-Network"), "(none)");
  EXPECT_EQ(value(preflight_reply("", true), "Access-Control-Allow-Private-Network"), "true");
}

}  // namespace
}  // namespace weir::edge
