#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ip_range.hpp"

namespace weir::edge {

/// Tells clients apart by their addresses. Behind a proxy all requests come from the proxy's: what
/// it says of their clients in X-Forwarded-For is believed of those that the operator trusts, and
/// of nobody else, since anyone can send that header.
class Clients {
 public:
  explicit Clients(std::vector<IpRange> trusted_proxies = {})
      : trusted_(std::move(trusted_proxies)) {}

  /// Whether what it says of its clients counts.
  bool trusts(std::string_view peer) const;

  /// `peer` is the connection's other side; `forwarded_for` the header's value, its lines joined by
  /// commas: each proxy on the way has appended whom it got the request from, so the last one that
  /// is no trusted proxy is the client. 0 where the address cannot be read; an IPv6 client is its
  /// network of 64 bits, of which it may use any address.
  std::uint64_t client_of(std::string_view peer, std::string_view forwarded_for) const;

 private:
  bool trusts(const IpAddress& address) const;

  std::vector<IpRange> trusted_;
};

}  // namespace weir::edge
