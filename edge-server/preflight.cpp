#include "preflight.hpp"

#include <algorithm>
#include <array>

namespace weir::edge {
namespace {

/// What the page's own code and the SDKs for OpenAI's interface send.
constexpr std::array<std::string_view, 11> known_headers = {
    "authorization", "content-type",        "weir-key",       "weir-forge-token", "last-event-id",
    "range",         "openai-organization", "openai-project", "user-agent",       "traceparent",
    "cache-control"};
/// The SDK's account of itself, in headers that become more with its versions.
constexpr std::string_view sdk_headers = "x-stainless-";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_token(std::string_view name) {
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos;
}

bool is_allowed(std::string_view name) {
  if (name.starts_with(sdk_headers)) return is_token(name);
  return std::find(known_headers.begin(), known_headers.end(), name) != known_headers.end();
}

/// Those of the asked for that are allowed; all that are known where nothing was asked.
std::string allowed_headers(std::string_view asked) {
  std::string allowed;
  const auto add = [&](std::string_view name) {
    allowed.append(allowed.empty() ? "" : ", ").append(name);
  };
  if (trimmed(asked).empty()) {
    for (const std::string_view name : known_headers) add(name);
  }
  while (!asked.empty()) {
    const std::string_view part = asked.substr(0, asked.find(','));
    asked.remove_prefix(std::min(asked.size(), part.size() + 1));
    if (is_allowed(trimmed(part))) add(trimmed(part));
  }
  return allowed;
}

}  // namespace

Reply preflight_reply(std::string_view headers, bool private_network) {
  Reply reply;
  reply.status = 204;
  reply.headers = {{"Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE"},
                   {"Access-Control-Allow-Headers", allowed_headers(headers)},
                   {"Access-Control-Max-Age", "600"}};
  if (private_network) {
    reply.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  }
  return reply;
}

}  // namespace weir::edge
