#include "address_class.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace weir::edge {
namespace {

constexpr std::array<std::string_view, 16> special4 = {
    "0.0.0.0/8",      "10.0.0.0/8",      "100.64.0.0/10", "127.0.0.0/8",
    "169.254.0.0/16", "172.16.0.0/12",   "192.0.0.0/24",  "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16",  "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "192.31.196.0/24", "224.0.0.0/4",   "240.0.0.0/4"};

/// Of what is left of global unicast: Teredo and other protocols' own, documentation, 6to4.
constexpr std::array<std::string_view, 4> special6 = {"2001::/23", "2001:db8::/32", "2002::/16",
                                                      "3fff::/20"};
constexpr std::string_view global_unicast = "2000::/3";

template <std::size_t size>
std::vector<IpRange> ranges(const std::array<std::string_view, size>& texts) {
  std::vector<IpRange> list;
  for (const std::string_view text : texts) list.push_back(*IpRange::parse(text));
  return list;
}

bool is_in(const IpAddress& address, const std::vector<IpRange>& list) {
  return std::any_of(list.begin(), list.end(),
                     [&](const IpRange& range) { return range.holds(address); });
}

}  // namespace

bool is_public(const IpAddress& address) {
  static const std::vector<IpRange> not4 = ranges(special4), not6 = ranges(special6);
  static const IpRange global6 = *IpRange::parse(global_unicast);
  if (address.size == 4) return !is_in(address, not4);
  return global6.holds(address) && !is_in(address, not6);
}

}  // namespace weir::edge
