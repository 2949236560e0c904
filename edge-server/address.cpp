#include "address.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace weir::edge {

std::optional<Address> Address::parse(std::string_view url) {
  const auto parsed = boost::urls::parse_uri({url.data(), url.size()});
  if (!parsed || parsed->host().empty()) return std::nullopt;
  const std::string scheme(parsed->scheme());
  if (scheme != "http" && scheme != "https") return std::nullopt;
  Address address;
  address.origin.tls = scheme == "https";
  address.origin.host = parsed->host_address();
  address.origin.port = std::string(parsed->port());
  if (address.origin.port.empty()) address.origin.port = address.origin.tls ? "443" : "80";
  address.header = std::string(parsed->encoded_host_and_port());
  const std::string target(parsed->encoded_target());
  address.target = target.starts_with('/') ? target : "/" + target;
  return address;
}

}  // namespace weir::edge
