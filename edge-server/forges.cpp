#include "forges.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "address_class.hpp"
#include "weir/text/ascii.hpp"
#include "wrong.hpp"

namespace weir::edge {
namespace {

constexpr std::array<std::pair<std::string_view, ForgeKind>, 4> kinds = {
    {{"github", ForgeKind::github},
     {"gitlab", ForgeKind::gitlab},
     {"bitbucket", ForgeKind::bitbucket},
     {"bitbucket_server", ForgeKind::bitbucket_server}}};

/// GitHub's interface and archives lie beside it: so they do where Enterprise Server has domains of
/// its own for them.
std::vector<std::string> usual_archive_hosts(const Forge& forge) {
  if (forge.kind != ForgeKind::github) return {};
  return {"api." + forge.host, "codeload." + forge.host};
}

Result<std::string> text_of(const json::Value& value, const std::string& path) {
  if (!value.is_string()) return wrong(path, "a string");
  return value.get<std::string>();
}

Result<std::vector<std::string>> texts_of(const json::Value& value, const std::string& path) {
  if (!value.is_array()) return wrong(path, "a list of strings");
  std::vector<std::string> texts;
  for (const json::Value& item : value) {
    if (!item.is_string()) return wrong(path, "a list of strings");
    texts.push_back(text::to_lower(item.get<std::string>()));
  }
  return texts;
}

Result<void> read_kind(Forge& forge, const json::Value& value, const std::string& path) {
  for (const auto& [known, kind] : kinds) {
    if (!value.is_string() || value != known) continue;
    forge.kind = kind;
    return {};
  }
  return wrong(path, "\"github\", \"gitlab\", \"bitbucket\" or \"bitbucket_server\"");
}

Result<void> read_url(Forge& forge, const json::Value& value, const std::string& path) {
  const Result<std::string> url = text_of(value, path);
  if (!url) return url.error();
  const std::optional<Address> address = Address::parse(*url);
  if (!address || address->target != "/" || url->find('@') != std::string::npos) {
    return wrong(path, "an address like https://git.example");
  }
  forge.scheme = address->origin.tls ? "https" : "http";
  forge.host = text::to_lower(address->header);
  return {};
}

Result<void> read_member(Forge& forge, const std::string& name, const json::Value& value,
                         const std::string& path) {
  if (name == "kind") return read_kind(forge, value, path);
  if (name == "url") return read_url(forge, value, path);
  if (name == "archive_hosts") {
    Result<std::vector<std::string>> hosts = texts_of(value, path);
    if (!hosts) return hosts.error();
    forge.archive_hosts = *std::move(hosts);
    return {};
  }
  if (name == "addresses") {
    const Result<std::vector<std::string>> texts = texts_of(value, path);
    if (!texts) return texts.error();
    for (const std::string& text : *texts) {
      const std::optional<IpRange> range = IpRange::parse(text);
      if (!range) return wrong(path, "a list of addresses and ranges like 10.0.0.0/8");
      forge.addresses.push_back(*range);
    }
    return {};
  }
  return Error{ErrorCode::invalid_request, path + " is not a member of a forge.", ""};
}

Result<Forge> read_forge(const json::Value& value, const std::string& path) {
  if (!value.is_object()) return wrong(path, "an object");
  Forge forge;
  for (const auto& [name, member] : value.items()) {
    if (auto read = read_member(forge, name, member, path + "." + name); !read) return read.error();
  }
  if (!value.contains("archive_hosts")) forge.archive_hosts = usual_archive_hosts(forge);
  if (!value.contains("kind")) return wrong(path + ".kind", "there");
  if (forge.host.empty()) return wrong(path + ".url", "there");
  return forge;
}

bool is_of(const Forge& forge, const std::string& authority) {
  return authority == forge.host ||
         std::find(forge.archive_hosts.begin(), forge.archive_hosts.end(), authority) !=
             forge.archive_hosts.end();
}

bool allows(const Forge& forge, const IpAddress& address) {
  return is_public(address) ||
         std::any_of(forge.addresses.begin(), forge.addresses.end(),
                     [&](const IpRange& range) { return range.holds(address); });
}

}  // namespace

std::string_view name(ForgeKind kind) {
  return kinds[static_cast<std::size_t>(kind)].first;
}

std::vector<Forge> default_forges() {
  std::vector<Forge> forges(3);
  forges[0].kind = ForgeKind::github;
  forges[0].host = "github.com";
  forges[0].archive_hosts = usual_archive_hosts(forges[0]);
  forges[1].kind = ForgeKind::gitlab;
  forges[1].host = "gitlab.com";
  forges[2].kind = ForgeKind::bitbucket;
  forges[2].host = "bitbucket.org";
  return forges;
}

Result<std::vector<Forge>> read_forges(const json::Value& value, const std::string& path) {
  if (!value.is_array()) return wrong(path, "a list of forges");
  std::vector<Forge> forges;
  for (std::size_t i = 0; i < value.size(); ++i) {
    Result<Forge> forge = read_forge(value[i], path + "[" + std::to_string(i) + "]");
    if (!forge) return forge.error();
    forges.push_back(*std::move(forge));
  }
  return forges;
}

bool may_fetch(const Forge& forge, const Address& address) {
  const bool scheme = address.origin.tls || forge.scheme == "http";
  return scheme && is_of(forge, text::to_lower(address.header));
}

bool may_connect(const std::vector<Forge>& forges, const Origin& origin, const IpAddress& address) {
  const bool is_address6 = origin.host.find(':') != std::string::npos;
  const std::string host = is_address6 ? "[" + origin.host + "]" : origin.host;
  const bool usual_port = origin.port == (origin.tls ? "443" : "80");
  const std::string authority = usual_port ? host : host + ":" + origin.port;
  return std::any_of(forges.begin(), forges.end(), [&](const Forge& forge) {
    return is_of(forge, text::to_lower(authority)) && allows(forge, address);
  });
}

}  // namespace weir::edge
