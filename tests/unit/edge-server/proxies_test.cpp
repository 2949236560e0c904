#include "proxies.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace weir::edge {
namespace {

std::map<std::string, std::string, std::less<>> variables;

Result<Proxies> proxies_of(std::map<std::string, std::string, std::less<>> set) {
  variables = std::move(set);
  return Proxies::from_environment([](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

/// "HOST:PORT" of the proxy on the way to a URL; empty: none.
std::string way(const Result<Proxies>& proxies, std::string_view url) {
  EXPECT_TRUE(proxies);
  const Proxy* proxy = proxies->find(Address::parse(url)->origin);
  return proxy ? proxy->host + ":" + proxy->port : "";
}

TEST(Proxies, AreNoneUnlessNamed) {
  EXPECT_EQ(way(proxies_of({}), "https://api.openai.com"), "");
}

TEST(Proxies, AreChosenByScheme) {
  const auto proxies = proxies_of({{"HTTPS_PROXY", "http://s:1"}, {"http_proxy", "p:2"}});
  EXPECT_EQ(way(proxies, "https://api.openai.com"), "s:1");
  EXPECT_EQ(way(proxies, "http://models.lan/v1"), "p:2");
  EXPECT_EQ(way(proxies_of({{"ALL_PROXY", "http://all"}}), "https://a.b"), "all:80");
  EXPECT_EQ(
      way(proxies_of({{"HTTPS_PROXY", "upper:1"}, {"https_proxy", "lower:1"}}), "https://a.b"),
      "lower:1");
  EXPECT_EQ(way(proxies_of({{"HTTPS_PROXY", "http://[::1]:3128/"}}), "https://a.b"), "::1:3128");
}

TEST(Proxies, CarryTheirCredentials) {
  const auto proxies = proxies_of({{"https_proxy", "http://user:p%40ss@proxy:3128"}});
  ASSERT_TRUE(proxies);
  EXPECT_EQ(proxies->find({true, "a.b", "443"})->authorization, "Basic dXNlcjpwQHNz");
}

TEST(Proxies, AreRefusedByTheVariablesNameWithoutItsValue) {
  for (const char* value :
       {"https://secret@proxy:1", "socks5://secret:1", "http://", "http://a b"}) {
    const auto proxies = proxies_of({{"https_proxy", value}});
    ASSERT_FALSE(proxies) << value;
    EXPECT_EQ(proxies.error().message.find("secret"), std::string::npos);
    EXPECT_EQ(proxies.error().message.rfind("https_proxy", 0), 0U);
  }
}

TEST(Proxies, AreLeftOutForThoseThatNoProxyNames) {
  const auto proxies = proxies_of(
      {{"ALL_PROXY", "p:1"},
       {"NO_PROXY", "example.com, .below.org,10.0.0.0/9,192.168.1.7,fd01::/16,host:8080"}});
  for (const char* url :
       {"https://example.com", "https://API.example.com", "https://a.below.org",
        "http://10.127.0.1", "http://192.168.1.7:99", "http://[fd01::5]/", "http://host:8080"}) {
    EXPECT_EQ(way(proxies, url), "") << url;
  }
  for (const char* url : {"https://notexample.com", "https://below.org", "http://10.128.0.1",
                          "http://192.168.1.8", "http://host:8081", "https://com"}) {
    EXPECT_EQ(way(proxies, url), "p:1") << url;
  }
  EXPECT_EQ(way(proxies_of({{"ALL_PROXY", "p:1"}, {"no_proxy", "*"}}), "https://a.b"), "");
}

TEST(Proxies, AreNeverUsedForLoopback) {
  const auto proxies = proxies_of({{"ALL_PROXY", "p:1"}});
  for (const char* url : {"http://localhost:11434", "http://127.0.0.2", "http://[::1]:1",
                          "http://models.localhost"}) {
    EXPECT_EQ(way(proxies, url), "") << url;
  }
}

}  // namespace
}  // namespace weir::edge
