#include "file_reply.hpp"

#include <gtest/gtest.h>

namespace weir::edge {
namespace {

const FileContent content{Content("0123456789"), "\"v1\"", "text/plain", "no-cache"};

std::string header(const Reply& reply, std::string_view name) {
  for (const auto& [each, value] : reply.headers) {
    if (each == name) return value;
  }
  return {};
}

std::string body(const Reply& reply) {
  std::string all;
  const auto size = static_cast<std::size_t>(reply.body().size());
  EXPECT_TRUE(reply.body().append(all, 0, size));
  return all;
}

TEST(FileReply, SendsTheWholeFileWithItsValidator) {
  const Reply reply = file_reply({}, content);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(body(reply), "0123456789");
  EXPECT_EQ(header(reply, "ETag"), "\"v1\"");
  EXPECT_EQ(header(reply, "Accept-Ranges"), "bytes");
}

TEST(FileReply, SendsThePartAskedFor) {
  const Reply reply = file_reply({.range = "bytes=2-4"}, content);
  EXPECT_EQ(reply.status, 206);
  EXPECT_EQ(body(reply), "234");
  EXPECT_EQ(header(reply, "Content-Range"), "bytes 2-4/10");
}

TEST(FileReply, SaysHowLongTheFileIsWhereTheRangeLiesBehindIt) {
  const Reply reply = file_reply({.range = "bytes=10-"}, content);
  EXPECT_EQ(reply.status, 416);
  EXPECT_EQ(body(reply), "");
  EXPECT_EQ(header(reply, "Content-Range"), "bytes */10");
}

TEST(FileReply, SendsTheWholeFileWhereTheClientsPartIsOfAnotherVersion) {
  EXPECT_EQ(file_reply({.range = "bytes=2-4", .if_range = "\"v0\""}, content).status, 200);
  EXPECT_EQ(file_reply({.range = "bytes=2-4", .if_range = "\"v1\""}, content).status, 206);
}

TEST(FileReply, SendsNothingTheClientHas) {
  for (const char* known : {"\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*"}) {
    const Reply reply = file_reply({.if_none_match = known}, content);
    EXPECT_EQ(reply.status, 304) << known;
    EXPECT_EQ(body(reply), "");
  }
  EXPECT_EQ(file_reply({.if_none_match = "\"v0\""}, content).status, 200);
}

TEST(AcceptsCoding, ReadsListsAndWeights) {
  EXPECT_TRUE(accepts_coding("gzip, deflate, br", "br"));
  EXPECT_TRUE(accepts_coding("br;q=0.5", "br"));
  EXPECT_FALSE(accepts_coding("gzip, br;q=0", "br"));
  EXPECT_FALSE(accepts_coding("br;q=0.000", "br"));
  EXPECT_FALSE(accepts_coding("brotli", "br"));
  EXPECT_FALSE(accepts_coding("", "br"));
}

}  // namespace
}  // namespace weir::edge
