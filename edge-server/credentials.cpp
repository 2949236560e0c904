#include "credentials.hpp"

#include <algorithm>

#include "weir/base/base64.hpp"
#include "weir/text/ascii.hpp"

namespace weir::edge {
namespace {

constexpr std::string_view cookie_name = "weir_code=";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::string_view bearer_of(const Request& request) {
  constexpr std::string_view scheme = "bearer ";
  const auto value = sole_field(request, http::field::authorization);
  if (!value || text::to_lower(value->substr(0, scheme.size())) != scheme) return {};
  return trimmed(value->substr(scheme.size()));
}

std::string bearer_or_cookie_of(const Request& request) {
  if (const std::string_view bearer = bearer_of(request); !bearer.empty()) {
    return std::string(bearer);
  }
  std::string_view rest = field(request, http::field::cookie);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(rest.size(), end + 1));
    if (pair.starts_with(cookie_name)) {
      return from_base64(pair.substr(cookie_name.size())).value_or("");
    }
  }
  return {};
}

/// In base64, since a code may have what a cookie's value may not.
std::string code_cookie(std::string_view code) {
  std::string cookie(cookie_name);
  append_base64(cookie, code);
  return cookie + "; HttpOnly; SameSite=Strict; Path=/";
}

}  // namespace weir::edge
