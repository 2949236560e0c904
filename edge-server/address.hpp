#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::edge {

/// Where requests of one kind go: the same origin may share connections.
struct Origin {
  bool tls = false;
  std::string host;  ///< to connect to: without brackets
  std::string port;

  friend auto operator<=>(const Origin&, const Origin&) = default;
};

/// A URL as a request needs it.
struct Address {
  Origin origin;
  std::string header;  ///< the Host header's value
  std::string target;  ///< path and query

  /// Nothing where it is no absolute http or https URL.
  static std::optional<Address> parse(std::string_view url);
};

}  // namespace weir::edge
