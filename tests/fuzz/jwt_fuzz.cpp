// Tokens from anyone: reading one ends in a typed error or in claims, and none is believed whose
// signature nobody made.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "jwt.hpp"
#include "key_set.hpp"
#include "token_claims.hpp"
#include "weir/base/assert.hpp"

using weir::ErrorCode;
using namespace weir::edge;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t bytes_most = 8192;
  static const auto keys = KeySet::read(R"({"keys": [{"kty": "EC", "crv": "P-256", "kid": "k",)"
                                        R"( "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                                        R"( "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})",
                                        KeySet::From::file);
  WEIR_ASSERT(keys);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto jwt = read_jwt(text, bytes_most);
  if (!jwt) {
    WEIR_ASSERT(jwt.error().code == ErrorCode::unauthorized);
    return 0;
  }
  WEIR_ASSERT(jwt->claims.is_object());
  WEIR_ASSERT(!keys->verify(*jwt, text));
  const auto client = client_of_claims(jwt->claims, {"i", "a", 60}, 1'000'000);
  WEIR_ASSERT(client || client.error().code == ErrorCode::unauthorized);
  return 0;
}
