#include "setup.hpp"

#include <utility>

#include "environment.hpp"
#include "packs.hpp"
#include "providers.hpp"
#include "proxies.hpp"
#include "site.hpp"

namespace weir::edge {
namespace {

std::vector<std::string> host_names(const Options& options) {
  std::vector<std::string> names = options.allow_hosts;
  const bool is_address6 = options.listen_host.find(':') != std::string::npos;
  names.push_back(is_address6 ? "[" + options.listen_host + "]" : options.listen_host);
  return names;
}

}  // namespace

Result<Setup> make_setup(const Options& options) {
  Result<provider::Catalog> catalog = make_catalog(options);
  if (!catalog) return catalog.error();
  return Setup{*std::move(catalog), options.fallbacks,
               Gate(host_names(options), options.allow_origins), Clients(options.trusted_proxies),
               options.limits};
}

Result<void> check_setup(const Options& options) {
  if (const Result<Setup> setup = make_setup(options); !setup) return setup.error();
  const Result<Proxies> proxies = Proxies::from_environment(environment_variable);
  if (!proxies) return proxies.error();
  if (const Result<Packs> packs = Packs::load(options.packs); !packs) return packs.error();
  if (const Result<Site> site = Site::load(options.site); !site) return site.error();
  return {};
}

std::vector<std::string> needing_a_restart(const Options& running, const Options& wanted) {
  std::vector<std::string> names;
  const auto note = [&](bool same, const char* name) {
    if (!same) names.emplace_back(name);
  };
  note(running.listen_host == wanted.listen_host && running.listen_port == wanted.listen_port,
       "listen");
  note(running.share_port == wanted.share_port, "share_port");
  note(running.site == wanted.site, "site");
  note(running.packs == wanted.packs, "packs");
  note(running.threads == wanted.threads, "threads");
  note(running.limits.server.gather == wanted.limits.server.gather, "limits.server.gather");
  return names;
}

}  // namespace weir::edge
