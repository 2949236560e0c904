#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::edge {

/// An IPv4 address in four bytes or an IPv6 address in sixteen; an IPv4 one that is written as IPv6
/// (::ffff:192.0.2.1) is the IPv4 one.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t size = 0;

  static std::optional<IpAddress> parse(std::string_view text);
  bool is_loopback() const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

/// Addresses that begin alike: "10.0.0.0/8", or one address alone.
struct IpRange {
  IpAddress first;
  std::size_t bits = 0;

  static std::optional<IpRange> parse(std::string_view text);
  bool holds(const IpAddress& address) const;
};

}  // namespace weir::edge
