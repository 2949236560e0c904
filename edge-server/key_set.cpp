#include "key_set.hpp"

#include <cjose/header.h>
#include <cjose/jwk.h>
#include <cjose/jws.h>
#include <openssl/err.h>

#include <algorithm>
#include <cstddef>

namespace weir::edge {
namespace {

constexpr std::size_t keys_most = 100;
constexpr std::size_t secret_bits_least = 256;
constexpr std::size_t rsa_bits_least = 2048;

Error unauthorized(std::string message) {
  return {ErrorCode::unauthorized, std::move(message), "Get a new one where you got this one."};
}

Error wrong_keys(std::string message) {
  return {ErrorCode::invalid_request, std::move(message), ""};
}

/// The algorithm that tokens of this key must be signed with; empty: none that is known here.
std::string_view algorithm_of(const json::Value& key) {
  const std::string type = json::string_or(key, "kty");
  if (type == "RSA") return "RS256";
  if (type == "oct") return "HS256";
  if (type == "EC" && json::string_or(key, "crv") == "P-256") return "ES256";
  return {};
}

/// Some keys are for encrypting, or for another algorithm of their kind.
bool is_for(const json::Value& key, std::string_view algorithm) {
  const std::string use = json::string_or(key, "use", "sig");
  return use == "sig" && json::string_or(key, "alg", algorithm) == algorithm;
}

struct ReleaseJws {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};

}  // namespace

Result<KeySet> KeySet::read(std::string_view text, From from) {
  const Result<json::Value> value = json::parse(text);
  const json::Value* const list = value ? json::find(*value, "keys") : nullptr;
  if (!list || !list->is_array()) {
    return wrong_keys("The keys for tokens must be a JWK Set: {\"keys\": [...]}.");
  }
  KeySet set;
  for (const json::Value& each : *list) {
    const std::string_view algorithm = algorithm_of(each);
    if (algorithm.empty() || !is_for(each, algorithm)) continue;
    if (algorithm == "HS256" && from == From::address) continue;
    Result<Key> key = read_key(each, algorithm);
    if (!key) return key.error();
    set.keys_.push_back(*std::move(key));
    if (set.keys_.size() > keys_most) return wrong_keys("There are too many keys for tokens.");
  }
  if (set.empty()) {
    return wrong_keys(
        "There is no key for tokens that is of RSA, of the curve P-256, or (in a file) "
        "a secret.");
  }
  return set;
}

Result<KeySet::Key> KeySet::read_key(const json::Value& value, std::string_view algorithm) {
  const std::string id = json::string_or(value, "kid");
  const std::string name = id.empty() ? "A key for tokens" : "The key " + id + " for tokens";
  const std::string text = json::write(value);
  cjose_jwk_t* const key = cjose_jwk_import(text.data(), text.size(), nullptr);
  if (!key) return wrong_keys(name + " is damaged.");
  Key read{id, std::string(algorithm), {key, [](const cjose_jwk_t* each) {
                                          cjose_jwk_release(const_cast<cjose_jwk_t*>(each));
                                        }}};
  const std::size_t bits = cjose_jwk_get_keysize(key, nullptr);
  const std::size_t least = algorithm == "HS256"   ? secret_bits_least
                            : algorithm == "RS256" ? rsa_bits_least
                                                   : 0;
  if (bits >= least) return read;
  return wrong_keys(name + " is too weak: it must have " + std::to_string(least) + " bits.");
}

bool KeySet::knows(std::string_view id) const {
  return std::any_of(keys_.begin(), keys_.end(), [&](const Key& key) { return key.id == id; });
}

/// Two keys of one id may differ in kind (RFC 7517, 4.5).
const KeySet::Key* KeySet::find(const Jwt& jwt) const {
  if (jwt.key_id.empty()) return keys_.size() == 1 ? &keys_.front() : nullptr;
  const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const Key& key) {
    return key.id == jwt.key_id && key.algorithm == jwt.algorithm;
  });
  if (found != keys_.end()) return &*found;
  const auto same = std::find_if(keys_.begin(), keys_.end(),
                                 [&](const Key& key) { return key.id == jwt.key_id; });
  return same == keys_.end() ? nullptr : &*same;
}

Result<void> KeySet::verify(const Jwt& jwt, std::string_view token) const {
  const Key* const key = find(jwt);
  if (!key) return unauthorized("The token is signed with a key that is not known here.");
  if (jwt.algorithm != key->algorithm) {
    return unauthorized("The token is not signed with its key's algorithm, " + key->algorithm +
                        ".");
  }
  const std::unique_ptr<cjose_jws_t, ReleaseJws> jws(
      cjose_jws_import(token.data(), token.size(), nullptr));
  // The library goes by the header as it reads it: that must be the same as what was checked.
  const char* const algorithm =
      jws ? cjose_header_get(cjose_jws_get_protected(jws.get()), CJOSE_HDR_ALG, nullptr) : nullptr;
  const bool right = algorithm && key->algorithm == algorithm &&
                     cjose_jws_verify(jws.get(), key->key.get(), nullptr);
  ERR_clear_error();  // OpenSSL's list of errors is this thread's, and its next user's
  if (!right) return unauthorized("The token's signature is wrong.");
  return {};
}

}  // namespace weir::edge
