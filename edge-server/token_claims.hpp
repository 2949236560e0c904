#pragma once

#include <cstdint>
#include <string>

#include "weir/base/result.hpp"
#include "weir/json/json.hpp"
#include "weir/relay/client.hpp"

namespace weir::edge {

/// Whose tokens count, and for whom they must be.
struct TokenRules {
  std::string issuer;
  std::string audience;
  std::int64_t leeway_seconds = 0;  ///< by which clocks may differ
};

/// Whom a token whose signature was verified names: its claims (RFC 7519, 4.1) `iss`, `aud`, `exp`
/// and `sub` must be there and right, `nbf` where it is there. `weir`, an object, says what this
/// client may do: `running`, `requests_per_minute`, `tokens_per_minute`, and `packs`, a list of the
/// private ones. `unauthorized` for everything else; errors quote nothing of the token.
Result<relay::Client> client_of_claims(const json::Value& claims, const TokenRules& rules,
                                       std::int64_t unix_seconds);

}  // namespace weir::edge
