#include "forges.hpp"

#include <gtest/gtest.h>

namespace weir::edge {
namespace {

Result<std::vector<Forge>> read(const char* text) {
  return read_forges(*json::parse(text), "forges");
}

TEST(Forges, AreTheThreeKnownOnesUnlessTold) {
  const std::vector<Forge> forges = default_forges();
  ASSERT_EQ(forges.size(), 3U);
  EXPECT_EQ(forges[0].url(), "https://github.com");
  EXPECT_EQ(forges[0].archive_hosts,
            (std::vector<std::string>{"api.github.com", "codeload.github.com"}));
  EXPECT_EQ(forges[1].url(), "https://gitlab.com");
  EXPECT_EQ(forges[2].url(), "https://bitbucket.org");
  for (const Forge& forge : forges) EXPECT_TRUE(forge.addresses.empty());
}

TEST(Forges, AreReadFromAConfigFile) {
  const auto forges = read(R"([
    {"kind": "gitlab", "url": "https://Git.Example:8443", "addresses": ["10.0.0.0/8"],
     "archive_hosts": ["Files.example"]},
    {"kind": "github", "url": "http://hub.example"}])");
  ASSERT_TRUE(forges) << forges.error().message;
  ASSERT_EQ(forges->size(), 2U);
  EXPECT_EQ(forges->front().kind, ForgeKind::gitlab);
  EXPECT_EQ(forges->front().host, "git.example:8443");
  EXPECT_EQ(forges->front().archive_hosts, std::vector<std::string>{"files.example"});
  EXPECT_EQ(forges->back().scheme, "http");
  EXPECT_EQ(forges->back().archive_hosts,
            (std::vector<std::string>{"api.hub.example", "codeload.hub.example"}));
  EXPECT_TRUE(read("[]")->empty());
}

TEST(Forges, AreRefusedWithTheMembersPath) {
  const auto message = [](const char* text) {
    const auto forges = read(text);
    return forges ? std::string() : forges.error().message;
  };
  EXPECT_NE(message("{}").find("forges"), std::string::npos);
  EXPECT_NE(message("[3]").find("forges[0]"), std::string::npos);
  EXPECT_NE(message(R"([{"kind": "svn"}])").find("forges[0].kind"), std::string::npos);
  EXPECT_NE(message(R"([{"kind": "gitlab"}])").find("forges[0].url"), std::string::npos);
  EXPECT_NE(message(R"([{"url": "https://a.example"}])").find("forges[0].kind"), std::string::npos);
  for (const char* const url : {"a.example", "ftp://a.example", "https://a.example/git",
                                "https://u:p@a.example", "https://a.example?x"}) {
    const std::string entry = std::string(R"([{"kind": "gitlab", "url": ")") + url + "\"}]";
    EXPECT_NE(message(entry.c_str()).find("forges[0].url"), std::string::npos) << url;
  }
  EXPECT_NE(message(R"([{"kind": "gitlab", "url": "https://a.example", "addresses": ["x"]}])")
                .find("forges[0].addresses"),
            std::string::npos);
  EXPECT_NE(message(R"([{"kind": "gitlab", "url": "https://a.example", "token": "x"}])")
                .find("forges[0].token"),
            std::string::npos);
}

TEST(Forges, SayWhereARequestMayGo) {
  const Forge forge = default_forges()[0];
  const auto may = [&](const char* url) { return may_fetch(forge, *Address::parse(url)); };
  EXPECT_TRUE(may("https://github.com/a"));
  EXPECT_TRUE(may("https://CODELOAD.github.com/a"));
  EXPECT_FALSE(may("http://github.com/a"));
  EXPECT_FALSE(may("https://github.com:8443/a"));
  EXPECT_FALSE(may("https://github.com.example/a"));
  EXPECT_FALSE(may("https://evil.example/?github.com"));
  EXPECT_FALSE(may("https://gitlab.com/a"));
}

TEST(Forges, SayWhichAddressesMayBeConnectedTo) {
  std::vector<Forge> forges = default_forges();
  forges.push_back(
      {ForgeKind::gitlab, "http", "git.lan:8080", {}, {*IpRange::parse("10.0.0.0/8")}});
  const Origin hub{true, "github.com", "443"}, lan{false, "git.lan", "8080"},
      other{false, "git.lan", "80"};
  const auto may = [&](const Origin& origin, const char* address) {
    return may_connect(forges, origin, *IpAddress::parse(address));
  };
  EXPECT_TRUE(may(hub, "140.82.121.4"));
  EXPECT_FALSE(may(hub, "10.0.0.1"));
  EXPECT_FALSE(may(hub, "127.0.0.1"));
  EXPECT_TRUE(may(lan, "10.0.0.1"));
  EXPECT_FALSE(may(lan, "127.0.0.1"));
  EXPECT_FALSE(may(other, "10.0.0.1"));
  EXPECT_FALSE(may(other, "1.1.1.1"));
}

}  // namespace
}  // namespace weir::edge
