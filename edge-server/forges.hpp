#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "address.hpp"
#include "ip_range.hpp"
#include "weir/base/result.hpp"
#include "weir/json/json.hpp"

namespace weir::edge {

/// Whose interface a forge has. Self-hosted ones differ from their makers' own in where it lies.
enum class ForgeKind : std::uint8_t { github, gitlab, bitbucket, bitbucket_server };

/// The kind's name, as a config file writes it.
std::string_view name(ForgeKind kind);

/// A host of repositories that this edge may fetch archives from.
struct Forge {
  ForgeKind kind = ForgeKind::github;
  std::string scheme = "https";  ///< http only where the operator's entry says so
  std::string host;              ///< with its port, where repository addresses have one
  /// Other hosts that its archives may come from, by redirect or, for github.com, by its API.
  std::vector<std::string> archive_hosts;
  /// Not public, and allowed nevertheless, because the operator names them.
  std::vector<IpRange> addresses;

  std::string url() const { return scheme + "://" + host; }
};

/// github.com, gitlab.com and bitbucket.org.
std::vector<Forge> default_forges();

/// Reads a config file's `forges`: [{"kind": "gitlab", "url": "https://git.example",
/// "archive_hosts": [...]?, "addresses": ["10.0.0.0/8"]?}]. An empty list: no forge. Errors name
/// the member by its path.
Result<std::vector<Forge>> read_forges(const json::Value& value, const std::string& path);

/// Whether a request or a redirect for this forge may go there.
bool may_fetch(const Forge& forge, const Address& address);

/// Whether a connection to an origin may go to this address: a public one, or one that the entry of
/// a forge with this origin names.
bool may_connect(const std::vector<Forge>& forges, const Origin& origin, const IpAddress& address);

}  // namespace weir::edge
