#include "jwt.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "weir/base/base64.hpp"

namespace weir::edge {
namespace {

constexpr std::size_t depth_most = 8;

Error no_token(std::string message) {
  return {ErrorCode::unauthorized, std::move(message), "Get a new one where you got this one."};
}

/// Base64url without padding (RFC 7515, 2).
std::optional<std::string> decode(std::string_view text) {
  if (text.find_first_of("+/=") != text.npos) return std::nullopt;
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  constexpr std::size_t group = 4;
  standard.append((group - standard.size() % group) % group, '=');
  return from_base64(standard);
}

std::optional<json::Value> decode_object(std::string_view text) {
  const auto decoded = decode(text);
  if (!decoded) return std::nullopt;
  Result<json::Value> value = json::parse(*decoded, depth_most);
  if (!value || !value->is_object()) return std::nullopt;
  return *std::move(value);
}

/// Header, payload and signature; nothing where they are not three.
std::optional<std::array<std::string_view, 3>> parts_of(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == token.npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
  return std::array{token.substr(0, first), token.substr(first + 1, second - first - 1),
                    token.substr(second + 1)};
}

}  // namespace

Result<Jwt> read_jwt(std::string_view token, std::size_t bytes_most) {
  if (token.size() > bytes_most) {
    return no_token("The token is longer than " + std::to_string(bytes_most) + " bytes.");
  }
  const auto parts = parts_of(token);
  if (!parts) return no_token("This is no token: it must have three parts with dots between them.");
  const auto& [header_text, payload, signature] = *parts;
  const auto header = decode_object(header_text);
  auto claims = decode_object(payload);
  if (!header || !claims || !decode(signature)) {
    return no_token("This is no token: its parts must be base64url of JSON objects.");
  }
  if (header->contains("crit")) {
    return no_token("The token asks for an extension that is not known here.");
  }
  const json::Value* const key_id = json::find(*header, "kid");
  if (key_id && !key_id->is_string()) return no_token("The token's `kid` is not a string.");
  return Jwt{json::string_or(*header, "alg"), json::string_or(*header, "kid"), *std::move(claims)};
}

}  // namespace weir::edge
