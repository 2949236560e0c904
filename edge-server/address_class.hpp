#pragma once

#include "ip_range.hpp"

namespace weir::edge {

/// Whether an address is one of the public Internet: globally reachable unicast by IANA's
/// special-purpose registries (https://www.iana.org/assignments/iana-ipv4-special-registry,
/// https://www.iana.org/assignments/iana-ipv6-special-registry). Private, loopback, link-local,
/// shared, documentation, benchmarking, multicast and reserved ones are not, nor IPv6 addresses
/// that lead on to an IPv4 one (6to4, Teredo, NAT64).
bool is_public(const IpAddress& address);

}  // namespace weir::edge
