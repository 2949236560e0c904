#include "address_class.hpp"

#include <gtest/gtest.h>

namespace weir::edge {
namespace {

bool is_public(const char* text) {
  return edge::is_public(*IpAddress::parse(text));
}

TEST(AddressClass, PublicAddressesArePublic) {
  for (const char* const text : {"140.82.121.4", "1.1.1.1", "172.15.0.1", "172.32.0.1",
                                 "100.63.1.1", "2606:50c0:8000::154", "2a00:1450:4001::1"}) {
    EXPECT_TRUE(is_public(text)) << text;
  }
}

TEST(AddressClass, NothingElseIs) {
  for (const char* const text : {"0.0.0.0",
                                 "10.1.2.3",
                                 "100.64.0.1",
                                 "127.0.0.1",
                                 "127.9.9.9",
                                 "169.254.169.254",
                                 "172.16.0.1",
                                 "172.31.255.255",
                                 "192.0.0.8",
                                 "192.0.2.1",
                                 "192.168.1.1",
                                 "198.18.0.1",
                                 "198.51.100.7",
                                 "203.0.113.9",
                                 "224.0.0.1",
                                 "255.255.255.255",
                                 "::",
                                 "::1",
                                 "fe80::1",
                                 "fc00::1",
                                 "fd12::1",
                                 "ff02::1",
                                 "64:ff9b::7f00:1",
                                 "2001::1",
                                 "2001:db8::1",
                                 "2002:7f00:1::",
                                 "3fff::1",
                                 "5f00::1"}) {
    EXPECT_FALSE(is_public(text)) << text;
  }
}

TEST(AddressClass, AnIpv4AddressWrittenAsIpv6IsTheSame) {
  EXPECT_FALSE(is_public("::ffff:127.0.0.1"));
  EXPECT_FALSE(is_public("::ffff:10.0.0.1"));
  EXPECT_TRUE(is_public("::ffff:1.1.1.1"));
}

}  // namespace
}  // namespace weir::edge
