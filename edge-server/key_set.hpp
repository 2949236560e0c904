#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "jwt.hpp"
#include "weir/base/result.hpp"

struct _cjose_jwk_int;

namespace weir::edge {

/// The keys that tokens are signed with (a JWK Set: RFC 7517, 5). A key fixes the algorithm: an RSA
/// key is for RS256 alone, one of P-256 for ES256, a secret for HS256, whatever a token's header
/// says (RFC 8725, 3.1).
class KeySet {
 public:
  /// No keys: every token is refused.
  KeySet() = default;

  /// Where a set comes from. Secrets have no place at an address that others can read, too.
  enum class From : std::uint8_t { file, address };

  /// Keys for other uses and of other kinds are passed over. An error names the key that is too
  /// weak (RFC 7518, 3.2 and 3.3), or says that none is left.
  static Result<KeySet> read(std::string_view text, From from);

  /// Whether the token's signature is of the key that its header names; a token that names none is
  /// tried where there is only one key. Everything else is `unauthorized`.
  Result<void> verify(const Jwt& jwt, std::string_view token) const;

  bool empty() const { return keys_.empty(); }
  /// Whether there is a key of this id.
  bool knows(std::string_view id) const;

 private:
  struct Key {
    std::string id;
    std::string algorithm;
    std::shared_ptr<const _cjose_jwk_int> key;
  };
  static Result<Key> read_key(const json::Value& value, std::string_view algorithm);
  const Key* find(const Jwt& jwt) const;

  std::vector<Key> keys_;
};

}  // namespace weir::edge
