#include "access.hpp"

#include <openssl/crypto.h>

#include <chrono>
#include <memory>
#include <utility>

#include "digests.hpp"
#include "token_claims.hpp"
#include "weir/base/hash.hpp"

namespace weir::edge {
namespace {

using Mode = AccessSettings::Mode;

constexpr Duration wrong_window = 1min;
/// So many addresses are remembered for what they sent; then those of before go.
constexpr std::size_t addresses_most = 10'000;

Error unauthorized(std::string message, std::string hint) {
  return {ErrorCode::unauthorized, std::move(message), std::move(hint)};
}

/// Of equal length for all, so that comparing two tells nothing of the codes.
std::string digest_of(std::string_view code) {
  const auto digest = digests().sha256(code);
  return {digest.begin(), digest.end()};
}

}  // namespace

Access::Access(const AccessSettings& settings, std::vector<std::string> private_packs,
               const limits::Access& limits)
    : settings_(settings),
      private_packs_(std::make_shared<const std::vector<std::string>>(std::move(private_packs))),
      limits_(limits) {
  for (const AccessSettings::Code& each : settings_.codes) {
    auto rights = std::make_shared<const relay::ClientRights>(each.rights);
    codes_.push_back({digest_of(each.code), {fnv1a("code " + each.name) | 1, std::move(rights)}});
  }
  settings_.codes.clear();  // nothing needs the codes themselves any more
}

Result<relay::Client> Access::admit(std::string_view credential, std::uint64_t address, Instant now,
                                    std::int64_t unix_seconds) {
  if (is_open()) return relay::Client(address);
  if (was_wrong_too_often(address, now)) {
    return Error{ErrorCode::rate_limited, "Too many wrong codes or tokens came from here.",
                 "Try again in a minute."};
  }
  Result<relay::Client> client = client_of(credential, unix_seconds);
  const bool guessed = !client && asks_for_code() && !credential.empty();
  if (guessed) note_wrong(address, now);
  return client;
}

Result<relay::Client> Access::client_of(std::string_view credential,
                                        std::int64_t unix_seconds) const {
  if (credential.empty()) {
    return unauthorized(asks_for_code() ? "This edge wants a code." : "This edge wants a token.",
                        "Send it in the header Authorization: Bearer.");
  }
  return asks_for_code() ? client_of_code(credential) : client_of_token(credential, unix_seconds);
}

/// All are compared, each in constant time: how long it takes tells nothing.
Result<relay::Client> Access::client_of_code(std::string_view code) const {
  const std::string digest = digest_of(code);
  const Code* found = nullptr;
  for (const Code& each : codes_) {
    if (CRYPTO_memcmp(each.digest.data(), digest.data(), digest.size()) == 0) found = &each;
  }
  if (found) return found->client;
  return unauthorized("The code is wrong.", "Ask the one who runs the edge for the right one.");
}

Result<relay::Client> Access::client_of_token(std::string_view token,
                                              std::int64_t unix_seconds) const {
  const Result<Jwt> jwt = read_jwt(token, limits_.token_bytes);
  if (!jwt) return jwt.error();
  const bool unknown = !jwt->key_id.empty() && !keys_.knows(jwt->key_id);
  if (unknown && on_unknown_key) on_unknown_key();
  if (const auto verified = keys_.verify(*jwt, token); !verified) return verified.error();
  const auto leeway = std::chrono::duration_cast<std::chrono::seconds>(limits_.leeway).count();
  return client_of_claims(jwt->claims, {settings_.issuer, settings_.audience, leeway},
                          unix_seconds);
}

std::string Access::keys_address() const {
  const bool fetched = settings_.mode == Mode::tokens && (settings_.keys.starts_with("http:") ||
                                                          settings_.keys.starts_with("https:"));
  return fetched ? settings_.keys : "";
}

bool Access::was_wrong_too_often(std::uint64_t address, Instant now) {
  const auto found = wrong_.find(address);
  if (found == wrong_.end()) return false;
  if (now - found->second.since < wrong_window) {
    return found->second.count >= limits_.wrong_per_minute;
  }
  wrong_.erase(found);
  return false;
}

void Access::note_wrong(std::uint64_t address, Instant now) {
  if (wrong_.size() >= addresses_most) wrong_.clear();
  Wrong& wrong = wrong_.try_emplace(address, Wrong{0, now}).first->second;
  ++wrong.count;
}

}  // namespace weir::edge
