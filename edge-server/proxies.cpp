#include "proxies.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <initializer_list>
#include <utility>

#include "ip_range.hpp"
#include "weir/text/ascii.hpp"

namespace weir::edge {
namespace {

std::string base64(std::string_view text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// "proxy:3128" is written as often as "http://proxy:3128".
std::optional<Proxy> parse_proxy(std::string text) {
  if (text.find("://") == text.npos) text.insert(0, "http://");
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || parsed->scheme() != "http" || parsed->host().empty()) return std::nullopt;
  Proxy proxy;
  proxy.host = parsed->host_address();
  proxy.port = std::string(parsed->port());
  if (proxy.port.empty()) proxy.port = "80";
  if (parsed->has_userinfo()) {
    proxy.authorization = "Basic " + base64(parsed->user() + ":" + parsed->password());
  }
  return proxy;
}

/// The first of these variables that is set, with its name; each in lower case first.
std::optional<std::pair<std::string, std::string>> first_set(
    provider::Environment environment, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    for (const std::string& spelled : {text::to_lower(name), text::to_upper(name)}) {
      if (auto value = environment(spelled)) return std::pair(spelled, *std::move(value));
    }
  }
  return std::nullopt;
}

// -- whom to reach without

bool is_of_domain(std::string_view host, std::string_view domain) {
  const std::string_view name = domain.starts_with('.') ? domain.substr(1) : domain;
  if (host == name) return name.size() == domain.size();
  return !name.empty() && host.ends_with(name) && host[host.size() - name.size() - 1] == '.';
}

/// "host:port", "[address]:port" or either without its port.
std::pair<std::string_view, std::string_view> split_port(std::string_view entry) {
  if (entry.starts_with('[')) {
    const std::size_t end = entry.find(']');
    if (end == entry.npos) return {entry, {}};
    const std::string_view rest = entry.substr(end + 1);
    return {entry.substr(1, end - 1), rest.starts_with(':') ? rest.substr(1) : rest};
  }
  const std::size_t colon = entry.find(':');
  if (colon == entry.npos || entry.find(':', colon + 1) != entry.npos) return {entry, {}};
  return {entry.substr(0, colon), entry.substr(colon + 1)};
}

bool names_origin(std::string_view entry, const Origin& origin) {
  const auto [name, port] = split_port(entry);
  if (!port.empty() && port != origin.port) return false;
  if (name == "*") return true;
  if (const auto address = IpAddress::parse(origin.host)) {
    const auto range = IpRange::parse(name);
    return range && range->holds(*address);
  }
  return is_of_domain(text::to_lower(origin.host), name);
}

bool is_loopback(const Origin& origin) {
  const auto address = IpAddress::parse(origin.host);
  return address ? address->is_loopback() : is_of_domain(text::to_lower(origin.host), "localhost");
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> entries;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string entry = text::to_lower(list.substr(0, comma));
    std::erase_if(entry, [](char c) { return c == ' ' || c == '\t'; });
    if (!entry.empty()) entries.push_back(std::move(entry));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return entries;
}

}  // namespace

Result<Proxies> Proxies::from_environment(provider::Environment environment) {
  Proxies proxies;
  for (const auto& [into, name] :
       {std::pair(&proxies.https_, "https_proxy"), std::pair(&proxies.http_, "http_proxy")}) {
    const auto set = first_set(environment, {name, "all_proxy"});
    if (!set) continue;
    *into = parse_proxy(set->second);
    if (!*into) {
      return Error{ErrorCode::invalid_request,
                   set->first + " names no proxy that can be used here.",
                   "Write it as http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT."};
    }
  }
  if (const auto set = first_set(environment, {"no_proxy"})) proxies.without_ = split(set->second);
  return proxies;
}

const Proxy* Proxies::find(const Origin& origin) const {
  const std::optional<Proxy>& proxy = origin.tls ? https_ : http_;
  if (!proxy || is_loopback(origin)) return nullptr;
  for (const std::string& entry : without_) {
    if (names_origin(entry, origin)) return nullptr;
  }
  return &*proxy;
}

}  // namespace weir::edge
