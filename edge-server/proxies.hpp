#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "address.hpp"
#include "weir/base/result.hpp"
#include "weir/provider/provider.hpp"

namespace weir::edge {

/// An HTTP proxy on the way to a provider.
struct Proxy {
  std::string host;  ///< to connect to: without brackets
  std::string port;
  std::string authorization;  ///< a secret: the Proxy-Authorization header's value; may be empty
};

/// Which providers are reached through a proxy, as the environment says by the names that most
/// programs know: HTTPS_PROXY for https addresses, HTTP_PROXY for http ones, ALL_PROXY for both,
/// each also in lower case, which wins. NO_PROXY names, with commas between them, whom to reach
/// without:
/// `*`, an address, a range of them (10.0.0.0/8), a domain with all below it (example.com), or only
/// what is below it (.example.com), each with a port behind it where one is meant. Loopback is
/// never reached through a proxy.
class Proxies {
 public:
  /// No proxy for anyone.
  Proxies() = default;
  /// `invalid_request`, naming the variable, where one is no http://[USER:PASSWORD@]HOST[:PORT].
  static Result<Proxies> from_environment(provider::Environment environment);

  /// Null where the origin is reached without.
  const Proxy* find(const Origin& origin) const;

 private:
  std::optional<Proxy> http_, https_;
  std::vector<std::string> without_;
};

}  // namespace weir::edge
