#include "archive_errors.hpp"

#include <string>

namespace weir::edge {

std::string_view header_value(const std::vector<provider::Header>& headers, std::string_view name) {
  for (const provider::Header& header : headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

Error archive_refusal(int status, const std::vector<provider::Header>& headers, bool with_token) {
  // GitHub says so with 403, too (https://docs.github.com/rest/using-the-rest-api/rate-limits).
  const bool used_up = status == 429 || header_value(headers, "x-ratelimit-remaining") == "0";
  if (used_up) {
    return {ErrorCode::provider_quota, "The forge gives this edge no more archives for now.",
            with_token ? "Try again later." : "Try again later, or give a token of your own."};
  }
  if (status == 401 || status == 403) {
    return {ErrorCode::provider_auth,
            with_token ? "The forge does not accept this token for this repository."
                       : "The forge gives this repository to nobody without a token.",
            "Give an access token that may read the repository's contents."};
  }
  if (status == 404) {
    return {ErrorCode::not_found,
            "The forge knows no such repository, or no such branch, tag or commit in it.",
            with_token ? "Check the address, and what the token may read."
                       : "Check the address. A private repository needs an access token."};
  }
  return {ErrorCode::provider_error,
          "The forge did not give the archive (status " + std::to_string(status) + ").",
          "Try again later."};
}

}  // namespace weir::edge
