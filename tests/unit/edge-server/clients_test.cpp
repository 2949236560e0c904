#include "clients.hpp"

#include <gtest/gtest.h>

namespace weir::edge {
namespace {

Clients trusting(const std::vector<std::string>& ranges) {
  std::vector<IpRange> parsed;
  for (const std::string& range : ranges) parsed.push_back(IpRange::parse(range).value());
  return Clients(parsed);
}

TEST(Clients, AreToldApartByAddress) {
  const Clients clients;
  EXPECT_EQ(clients.client_of("192.0.2.1", ""), clients.client_of("192.0.2.1", ""));
  EXPECT_NE(clients.client_of("192.0.2.1", ""), clients.client_of("192.0.2.2", ""));
  EXPECT_EQ(clients.client_of("192.0.2.1", ""), clients.client_of("::ffff:192.0.2.1", ""));
  EXPECT_EQ(clients.client_of("nonsense", ""), 0U);
}

TEST(Clients, OfIpv6AreTheirNetworks) {
  const Clients clients;
  EXPECT_EQ(clients.client_of("2001:db8::1", ""), clients.client_of("2001:db8::ffff:1", ""));
  EXPECT_NE(clients.client_of("2001:db8::1", ""), clients.client_of("2001:db8:0:1::1", ""));
}

TEST(Clients, BelieveNoHeaderOfThoseThatAreNotTrusted) {
  const Clients clients = trusting({"10.0.0.0/8"});
  EXPECT_EQ(clients.client_of("192.0.2.1", "203.0.113.5"), clients.client_of("192.0.2.1", ""));
  EXPECT_EQ(Clients().client_of("127.0.0.1", "203.0.113.5"), Clients().client_of("127.0.0.1", ""));
}

TEST(Clients, AreWhomTheLastTrustedProxyGotTheRequestFrom) {
  const Clients clients = trusting({"10.0.0.0/8", "::1"});
  const auto client = clients.client_of("203.0.113.5", "");
  EXPECT_EQ(clients.client_of("10.1.2.3", "203.0.113.5"), client);
  EXPECT_EQ(clients.client_of("::1", "203.0.113.5:4711, 10.9.9.9"), client);
  EXPECT_EQ(clients.client_of("10.1.2.3", "198.51.100.7, 203.0.113.5"), client)
      << "what stands before it is the client's own word";
  EXPECT_EQ(clients.client_of("10.1.2.3", "[2001:db8::1]:4711"),
            clients.client_of("2001:db8::1", ""));
  EXPECT_EQ(clients.client_of("10.1.2.3", ""), clients.client_of("10.1.2.3", "unknown"));
}

TEST(IpRange, IsNothingElse) {
  for (const char* text : {"", "host", "10.0.0.0/33", "10.0.0.0/x", "::/129", "1.2.3"}) {
    EXPECT_FALSE(IpRange::parse(text)) << text;
  }
}

}  // namespace
}  // namespace weir::edge
