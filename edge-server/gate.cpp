#include "gate.hpp"

#include <algorithm>

#include "weir/text/ascii.hpp"

namespace weir::edge {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_of("/\\@?#[]: \t") == std::string_view::npos;
}

bool is_address(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF:.") == text.npos;
}

/// What stands behind "scheme://".
std::string_view authority(std::string_view origin) {
  const std::size_t at = origin.find("://");
  return at == origin.npos ? std::string_view() : origin.substr(at + 3);
}

Error forbidden(std::string message, std::string hint) {
  return {ErrorCode::forbidden_origin, std::move(message), std::move(hint)};
}

}  // namespace

std::optional<std::string> host_name(std::string_view host) {
  std::string_view name = host;
  std::string_view rest;
  if (host.starts_with('[')) {
    const std::size_t close = host.find(']');
    if (close == host.npos || !is_address(host.substr(1, close - 1))) return std::nullopt;
    name = host.substr(0, close + 1);
    rest = host.substr(close + 1);
  } else {
    name = host.substr(0, host.find(':'));
    rest = host.substr(name.size());
    if (!is_name(name)) return std::nullopt;
  }
  if (!rest.empty() && !(rest.starts_with(':') && is_port(rest.substr(1)))) return std::nullopt;
  return text::to_lower(name);
}

bool is_origin(std::string_view text) {
  const std::size_t at = text.find("://");
  return at != text.npos && at > 0 && host_name(text.substr(at + 3)).has_value();
}

Gate::Gate(std::vector<std::string> hosts, std::vector<std::string> origins)
    : hosts_{"localhost", "127.0.0.1", "[::1]"}, origins_(std::move(origins)) {
  for (const std::string& host : hosts) hosts_.push_back(text::to_lower(host));
  for (std::string& origin : origins_) origin = text::to_lower(origin);
}

Result<void> Gate::admit(std::optional<std::string_view> host,
                         std::optional<std::string_view> origin) const {
  const std::optional<std::string> name = host ? host_name(*host) : std::nullopt;
  if (!name || !contains(hosts_, *name)) {
    return forbidden("This edge does not answer under the name of the Host header.",
                     "Start weir-edge with --allow-host NAME to let it answer under that name.");
  }
  if (!origin) return {};
  // A proxy in front may have taken TLS away, so the same origin is judged without its scheme.
  if (is_origin(*origin) && text::to_lower(authority(*origin)) == text::to_lower(*host)) return {};
  if (contains(origins_, text::to_lower(*origin))) return {};
  return forbidden("Pages of this origin may not use this edge.",
                   "Start weir-edge with --allow-origin ORIGIN to let them.");
}

}  // namespace weir::edge
