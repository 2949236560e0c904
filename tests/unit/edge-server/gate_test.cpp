#include "gate.hpp"

#include <gtest/gtest.h>

namespace weir::edge {
namespace {

bool admits(const Gate& gate, std::optional<std::string_view> host,
            std::optional<std::string_view> origin = {}) {
  const Result<void> admitted = gate.admit(host, origin);
  if (!admitted) {
    EXPECT_EQ(admitted.error().code, ErrorCode::forbidden_origin);
  }
  return bool(admitted);
}

const Gate standard({"Edge.Example"}, {"https://Docs.example.org", "http://localhost:5173"});

TEST(Gate, AnswersUnderLoopbackAndConfiguredNamesOnAnyPort) {
  EXPECT_TRUE(admits(standard, "localhost"));
  EXPECT_TRUE(admits(standard, "LOCALHOST:8787"));
  EXPECT_TRUE(admits(standard, "127.0.0.1:1"));
  EXPECT_TRUE(admits(standard, "[::1]:8787"));
  EXPECT_TRUE(admits(standard, "edge.example:443"));
}

TEST(Gate, RefusesOtherNamesAgainstRebinding) {
  EXPECT_FALSE(admits(standard, "attacker.example"));
  EXPECT_FALSE(admits(standard, "localhost.attacker.example"));
  EXPECT_FALSE(admits(standard, "127.0.0.1.attacker.example"));
  EXPECT_FALSE(admits(standard, "127.0.0.2"));
}

TEST(Gate, RefusesMissingAndMalformedHosts) {
  EXPECT_FALSE(admits(standard, std::nullopt));
  for (const char* host :
       {"", ":80", "localhost:", "localhost:80:80", "localhost:x", "[::1", "[::1]x",
        "user@localhost", "localhost/", "local host", "[]", "::1", "localhost:123456"}) {
    EXPECT_FALSE(admits(standard, host)) << host;
  }
}

TEST(Gate, LetsPagesOfItsOwnOriginIn) {
  EXPECT_TRUE(admits(standard, "localhost:8787", "http://localhost:8787"));
  EXPECT_TRUE(admits(standard, "edge.example", "https://Edge.Example"));
}

TEST(Gate, TellsPortsOfOneHostApart) {
  EXPECT_FALSE(admits(standard, "localhost:8787", "http://localhost:3000"));
}

TEST(Gate, LetsConfiguredOriginsIn) {
  EXPECT_TRUE(admits(standard, "localhost:8787", "https://docs.example.org"));
  EXPECT_TRUE(admits(standard, "localhost:8787", "http://localhost:5173"));
}

TEST(Gate, RefusesOtherOrigins) {
  for (const char* origin :
       {"https://attacker.example", "http://docs.example.org", "https://docs.example.org:444",
        "https://docs.example.org.attacker.example", "null", "", "localhost:8787",
        "http://localhost:8787/", "http://user@localhost:8787"}) {
    EXPECT_FALSE(admits(standard, "localhost:8787", origin)) << origin;
  }
}

TEST(Gate, AnAllowedOriginDoesNotExcuseAForeignHost) {
  EXPECT_FALSE(admits(standard, "attacker.example", "https://docs.example.org"));
  EXPECT_FALSE(admits(standard, "attacker.example", "https://attacker.example"));
}

}  // namespace
}  // namespace weir::edge
