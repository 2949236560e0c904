#include "jwt.hpp"

#include <gtest/gtest.h>

#include "key_set.hpp"
#include "token_claims.hpp"

namespace weir::edge {
namespace {

// RFC 7515, A.1 and A.3.
constexpr std::string_view hmac_token =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    "."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view hmac_keys =
    R"({"keys": [{"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN)"
    R"(3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]})";
constexpr std::string_view curve_token =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    "."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
constexpr std::string_view curve_keys =
    R"({"keys": [{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"( "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

constexpr std::size_t bytes_most = 8192;

std::string error_of(std::string_view token) {
  const auto read = read_jwt(token, bytes_most);
  if (read) return "";
  EXPECT_EQ(read.error().code, ErrorCode::unauthorized);
  return read.error().message;
}

bool verifies(std::string_view keys, std::string_view token) {
  const auto set = KeySet::read(keys, KeySet::From::file);
  const auto jwt = read_jwt(token, bytes_most);
  EXPECT_TRUE(set);
  EXPECT_TRUE(jwt);
  return set && jwt && set->verify(*jwt, token);
}

TEST(ReadJwt, TakesATokenApart) {
  const auto jwt = read_jwt(hmac_token, bytes_most);
  ASSERT_TRUE(jwt);
  EXPECT_EQ(jwt->algorithm, "HS256");
  EXPECT_EQ(jwt->key_id, "");
  EXPECT_EQ(json::string_or(jwt->claims, "iss"), "joe");
}

TEST(ReadJwt, RefusesWhatIsNone) {
  for (const char* text : {"", ".", "..", "a.b", "a.b.c.d", "e30.e30", "e30.e30.=", "e30.e30.a+b/",
                           "e30=.e30.", "W10.e30.", "e30.W10.", "e30.eyJ9.", "\xff.e30.e30"}) {
    EXPECT_NE(error_of(text), "") << text;
  }
  EXPECT_NE(error_of(std::string(bytes_most + 1, 'a')).find("longer than 8192"), std::string::npos);
}

TEST(ReadJwt, RefusesExtensionsThatMustBeUnderstood) {
  // {"alg":"HS256","crit":["x"]}
  EXPECT_NE(error_of("eyJhbGciOiJIUzI1NiIsImNyaXQiOlsieCJdfQ.e30.").find("extension"),
            std::string::npos);
  // {"kid":1}
  EXPECT_NE(error_of("eyJraWQiOjF9.e30.").find("kid"), std::string::npos);
}

TEST(KeySet, VerifiesTheExamplesOfTheRfc) {
  EXPECT_TRUE(verifies(hmac_keys, hmac_token));
  EXPECT_TRUE(verifies(curve_keys, curve_token));
}

TEST(KeySet, RefusesEveryOtherSignature) {
  EXPECT_FALSE(verifies(curve_keys, hmac_token));
  EXPECT_FALSE(verifies(hmac_keys, curve_token));
  for (const std::string_view token : {hmac_token, curve_token}) {
    const std::string_view keys = token == hmac_token ? hmac_keys : curve_keys;
    const std::size_t dot = token.rfind('.');
    EXPECT_FALSE(verifies(keys, std::string(token.substr(0, dot + 1))));
    std::string flipped(token);
    flipped[dot + 1] = flipped[dot + 1] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verifies(keys, flipped));
  }
}

TEST(KeySet, RefusesKeysThatAreTooWeakOrDamaged) {
  for (const char* text :
       {"", "[]", "{}", R"({"keys": 1})", R"({"keys": []})", R"({"keys": [1, null, {}]})",
        R"({"keys": [{"kty": "oct", "k": "c2hvcnQ"}]})",
        R"({"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]})",
        R"({"keys": [{"kty": "EC", "crv": "P-521"}]})",
        R"({"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]})"}) {
    EXPECT_FALSE(KeySet::read(text, KeySet::From::file)) << text;
  }
  EXPECT_FALSE(KeySet::read(hmac_keys, KeySet::From::address)) << "a secret that others can read";
}

TEST(KeySet, PassesOverKeysForOtherUses) {
  std::string text(curve_keys);
  text.replace(text.find("\"kty\""), 5, R"("use": "enc", "kty")");
  EXPECT_FALSE(KeySet::read(text, KeySet::From::file));
}

TEST(ClientOfClaims, NamesTheClientAndItsRights) {
  const TokenRules rules{"i", "a", 60};
  const auto claims = json::parse(
      R"({"iss": "i", "aud": "a", "exp": 100, "sub": "s", "weir": {"running": 2, "packs": ["p"]}})");
  const auto client = client_of_claims(*claims, rules, 159);
  ASSERT_TRUE(client);
  EXPECT_NE(client->id, 0U);
  EXPECT_EQ(client->rights->running, 2U);
  EXPECT_EQ(client->rights->tokens_per_minute, std::nullopt);
  EXPECT_EQ(client->rights->packs, std::vector<std::string>{"p"});
  EXPECT_FALSE(client_of_claims(*claims, rules, 160));
}

TEST(ClientOfClaims, RefusesNumbersThatAreNoTimes) {
  const TokenRules rules{"i", "a", 60};
  for (const char* times : {R"("exp": "100")", R"("exp": null)", R"("exp": [100])",
                            R"("exp": 1e308, "nbf": "0")", R"("exp": -1e308)"}) {
    const auto claims =
        json::parse(R"({"iss": "i", "aud": "a", "sub": "s", )" + std::string(times) + "}");
    ASSERT_TRUE(claims);
    EXPECT_FALSE(client_of_claims(*claims, rules, 10)) << times;
  }
}

}  // namespace
}  // namespace weir::edge
