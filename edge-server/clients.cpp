#include "clients.hpp"

#include <algorithm>

#include "weir/base/hash.hpp"

namespace weir::edge {
namespace {

std::uint64_t id_of(const IpAddress& address) {
  constexpr std::size_t network_bytes = 8;
  const std::size_t size = std::min(address.size, network_bytes);
  const auto* text = reinterpret_cast<const char*>(address.bytes.data());
  return fnv1a({text, size}) | 1;  // 0 is nobody
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Some proxies add a port: "192.0.2.1:4711", "[2001:db8::1]:4711".
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  const std::size_t colon = text.find(':');
  return colon != text.npos && text.find(':', colon + 1) == text.npos ? text.substr(0, colon)
                                                                      : text;
}

}  // namespace

std::uint64_t Clients::client_of(std::string_view peer, std::string_view forwarded_for) const {
  auto client = IpAddress::parse(peer);
  if (!client) return 0;
  while (trusts(*client) && !forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::size_t begin = comma == forwarded_for.npos ? 0 : comma + 1;
    const auto next = IpAddress::parse(without_port(trimmed(forwarded_for.substr(begin))));
    if (!next) break;  // whoever wrote that: the proxy before it is all that is known
    client = next;
    forwarded_for = forwarded_for.substr(0, comma == forwarded_for.npos ? 0 : comma);
  }
  return id_of(*client);
}

bool Clients::trusts(std::string_view peer) const {
  const auto address = IpAddress::parse(peer);
  return address && trusts(*address);
}

bool Clients::trusts(const IpAddress& address) const {
  return std::any_of(trusted_.begin(), trusted_.end(),
                     [&](const IpRange& range) { return range.holds(address); });
}

}  // namespace weir::edge
