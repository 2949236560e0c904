#include "token_claims.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "weir/base/hash.hpp"

namespace weir::edge {
namespace {

constexpr std::size_t subject_bytes_most = 255;
constexpr std::size_t packs_most = 1000;

Error refused(std::string message) {
  return {ErrorCode::unauthorized, std::move(message), "Get a new one where you got this one."};
}

/// A NumericDate (RFC 7519, 2), which may have a fraction.
std::optional<double> date_of(const json::Value& claims, std::string_view name) {
  const json::Value* const date = json::find(claims, name);
  if (!date || !date->is_number()) return std::nullopt;
  return date->get<double>();
}

/// One audience, or a list of them.
bool is_for(const json::Value& claims, const std::string& audience) {
  const json::Value* const given = json::find(claims, "aud");
  if (!given) return false;
  if (given->is_string()) return given->get<std::string>() == audience;
  return given->is_array() && std::find(given->begin(), given->end(), audience) != given->end();
}

Result<void> check_time(const json::Value& claims, const TokenRules& rules,
                        std::int64_t unix_seconds) {
  const auto now = static_cast<double>(unix_seconds);
  const auto leeway = static_cast<double>(rules.leeway_seconds);
  const auto expires = date_of(claims, "exp");
  if (!expires) return refused("The token has no time at which it expires.");
  if (!(now < *expires + leeway)) return refused("The token has expired.");
  if (!claims.contains("nbf")) return {};
  const auto begins = date_of(claims, "nbf");
  if (!begins || !(now + leeway >= *begins)) return refused("The token is not good yet.");
  return {};
}

bool read_limit(const json::Value& own, std::string_view name, std::optional<std::size_t>& out) {
  const json::Value* const limit = json::find(own, name);
  if (!limit) return true;
  if (!limit->is_number_unsigned()) return false;
  out = limit->get<std::size_t>();
  return true;
}

bool read_packs(const json::Value& own, std::vector<std::string>& out) {
  const json::Value* const packs = json::find(own, "packs");
  if (!packs) return true;
  if (!packs->is_array() || packs->size() > packs_most) return false;
  for (const json::Value& pack : *packs) {
    if (!pack.is_string()) return false;
    out.push_back(pack.get<std::string>());
  }
  return true;
}

}  // namespace

Result<relay::Client> client_of_claims(const json::Value& claims, const TokenRules& rules,
                                       std::int64_t unix_seconds) {
  if (json::string_or(claims, "iss") != rules.issuer) {
    return refused("The token is of another issuer than this edge knows.");
  }
  if (!is_for(claims, rules.audience)) return refused("The token is not for this edge.");
  if (auto timely = check_time(claims, rules, unix_seconds); !timely) return timely.error();
  const std::string subject = json::string_or(claims, "sub");
  if (subject.empty() || subject.size() > subject_bytes_most) {
    return refused("The token does not name a client in `sub`.");
  }
  relay::Client client(fnv1a("token " + subject) | 1);  // 0 is nobody
  const json::Value* const own = json::find(claims, "weir");
  if (!own) return client;
  relay::ClientRights rights;
  const bool readable = own->is_object() && read_limit(*own, "running", rights.running) &&
                        read_limit(*own, "requests_per_minute", rights.requests_per_minute) &&
                        read_limit(*own, "tokens_per_minute", rights.tokens_per_minute) &&
                        read_packs(*own, rights.packs);
  if (!readable) {
    return refused(
        "The token's claim `weir` is not what it must be: an object of running, "
        "requests_per_minute and tokens_per_minute, whole numbers, and packs, names.");
  }
  client.rights = std::make_shared<const relay::ClientRights>(std::move(rights));
  return client;
}

}  // namespace weir::edge
