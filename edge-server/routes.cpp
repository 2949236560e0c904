#include "routes.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace weir::edge {
namespace {

constexpr std::string_view readable = "GET, HEAD, OPTIONS";

struct Fixed {
  std::string_view path;
  Place place;
  std::string_view allowed;
};

constexpr std::array fixed = {
    Fixed{"/v1/socket", Place::socket, "GET"},
    Fixed{"/v1/answers", Place::answers, "POST, DELETE, OPTIONS"},
    Fixed{"/v1/providers", Place::providers, readable},
    Fixed{"/v1/repositories/archive", Place::archive, "POST, OPTIONS"},
    Fixed{"/v1/repositories/forges", Place::forges, readable},
    Fixed{"/packs/", Place::packs, readable},
    Fixed{"/livez", Place::live, readable},
    Fixed{"/readyz", Place::ready, readable},
    Fixed{"/metrics", Place::metrics, readable},
    Fixed{"/v1/chat/completions", Place::completions, "POST, OPTIONS"},
    Fixed{"/v1/embeddings", Place::embeddings, "POST, OPTIONS"},
    Fixed{"/v1/models", Place::models, readable},
    Fixed{"/chat/completions/stream", Place::text_answers, "POST, OPTIONS"},
    Fixed{"/ws/chat", Place::text_socket, "GET"},
    Fixed{"/models/config", Place::model_choice, readable},
    Fixed{"/lang/config", Place::languages, readable},
    Fixed{"/auth/status", Place::sign_in, readable},
    Fixed{"/auth/validate", Place::sign_in_code, "POST, OPTIONS"},
    Fixed{"/health", Place::health, readable},
};

/// Places whose path goes on with one name.
constexpr std::array named = {
    Fixed{"/v1/answers/", Place::answer, "GET, DELETE, OPTIONS"},
    Fixed{"/packs/", Place::pack, readable},
    Fixed{"/v1/models/", Place::model, readable},
};

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<std::string> decode(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      if (at + 2 >= text.size()) return std::nullopt;
      const std::optional<int> high = hex_digit(text[at + 1]);
      const std::optional<int> low = hex_digit(text[at + 2]);
      if (!high || !low) return std::nullopt;
      c = static_cast<char>(*high * 16 + *low);
      at += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') return std::nullopt;
    decoded += c;
  }
  return decoded;
}

/// No part is empty, "." or "..", except that the path may end with a slash.
bool is_plain(std::string_view path) {
  std::size_t begin = 1;
  while (begin < path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return true;
}

std::string query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name || equals == pair.npos) continue;
    return decode(pair.substr(equals + 1)).value_or("");
  }
  return {};
}

Route place_of(const std::string& path) {
  for (const Fixed& entry : fixed) {
    if (path == entry.path) return {entry.place, {}, {}, {}, entry.allowed};
  }
  for (const Fixed& entry : named) {
    if (!path.starts_with(entry.path)) continue;
    std::string name = path.substr(entry.path.size());
    const bool known = entry.place == Place::model || name.find('/') == name.npos;
    return {known ? entry.place : Place::nothing, std::move(name), {}, {}, entry.allowed};
  }
  if (path.starts_with("/v1/")) return {Place::nothing, {}, {}, {}, {}};
  return {Place::site, path.substr(1), {}, {}, readable};
}

Result<void> read_wait(Route& route, const std::string& wait) {
  if (wait.empty()) return {};
  unsigned seconds = 0;
  const auto read = std::from_chars(wait.data(), wait.data() + wait.size(), seconds);
  if (read.ec != std::errc() || read.ptr != wait.data() + wait.size()) {
    return Error{ErrorCode::invalid_request, "`wait` must be a whole number of seconds.",
                 "Leave it out for a response that ends with the answer."};
  }
  route.wait = std::chrono::seconds(seconds);
  return {};
}

}  // namespace

bool Route::allows(std::string_view method) const {
  std::string_view rest = allowed;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    if (one == method) return true;
    rest.remove_prefix(std::min(rest.size(), one.size() + 2));
  }
  return false;
}

Result<Route> find_route(std::string_view target) {
  const std::size_t mark = target.find('?');
  const std::optional<std::string> path = decode(target.substr(0, mark));
  if (!path || !path->starts_with('/') || !is_plain(*path)) {
    return Error{ErrorCode::invalid_request, "The request's target is not a plain path.", ""};
  }
  Route route = place_of(*path);
  if (mark != target.npos) {
    route.after = query_value(target.substr(mark + 1), "after");
    const Result<void> read = read_wait(route, query_value(target.substr(mark + 1), "wait"));
    if (!read) return read.error();
  }
  return route;
}

}  // namespace weir::edge
