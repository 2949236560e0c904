#include "setup.hpp"

#include <utility>

#include "address.hpp"
#include "environment.hpp"
#include "ip_range.hpp"
#include "packs.hpp"
#include "providers.hpp"
#include "proxies.hpp"
#include "site.hpp"
#include "text_file.hpp"

namespace weir::edge {
namespace {

std::vector<std::string> host_names(const Options& options) {
  std::vector<std::string> names = options.allow_hosts;
  const bool is_address6 = options.listen_host.find(':') != std::string::npos;
  names.push_back(is_address6 ? "[" + options.listen_host + "]" : options.listen_host);
  return names;
}

/// Whether only this machine reaches it.
bool is_loopback(const std::string& host) {
  const auto address = IpAddress::parse(host);
  return host == "localhost" || (address && address->is_loopback());
}

/// deepwiki-open's names: a code, where the mode is on.
AccessSettings access_settings(const Options& options) {
  AccessSettings settings = options.access;
  const std::string mode = environment_variable("DEEPWIKI_AUTH_MODE").value_or("");
  const auto code = environment_variable("DEEPWIKI_AUTH_CODE");
  if (!settings.is_set && (mode == "true" || mode == "True" || mode == "1")) {
    settings.mode = AccessSettings::Mode::codes;
    if (code) settings.codes.push_back({"deepwiki", *code, {}});
  }
  return settings;
}

Result<Access> make_access(const Options& options) {
  const AccessSettings settings = access_settings(options);
  const bool open = settings.mode == AccessSettings::Mode::open;
  if (open && !settings.beyond_loopback && !is_loopback(options.listen_host)) {
    return Error{ErrorCode::invalid_request,
                 options.listen_host +
                     " is reached by others than this machine, and whoever reaches the edge may "
                     "ask with your keys.",
                 "Set `access` in the config file: codes or tokens, or, where everybody may ask, "
                 R"({"beyond_loopback": true}.)"};
  }
  if (settings.mode == AccessSettings::Mode::codes && settings.codes.empty()) {
    return Error{ErrorCode::invalid_request, "DEEPWIKI_AUTH_MODE is on without a code.",
                 "Set DEEPWIKI_AUTH_CODE."};
  }
  Access access(settings, options.private_packs, options.limits.access);
  if (settings.mode != AccessSettings::Mode::tokens) return access;
  if (!access.keys_address().empty()) {
    const auto address = Address::parse(settings.keys);
    if (address && (address->origin.tls || is_loopback(address->origin.host))) return access;
    return Error{ErrorCode::invalid_request, "access.keys must be a file or an https address.", ""};
  }
  const Result<std::string> text = read_text_file(settings.keys);
  if (!text) return text.error();
  Result<KeySet> keys = KeySet::read(*text, KeySet::From::file);
  if (!keys) return Error{keys.error().code, settings.keys + ": " + keys.error().message, ""};
  access.set_keys(*std::move(keys));
  return access;
}

}  // namespace

Result<Setup> make_setup(const Options& options) {
  Result<Access> access = make_access(options);
  if (!access) return access.error();
  Result<provider::Catalog> catalog = make_catalog(options);
  if (!catalog) return catalog.error();
  return Setup{*std::move(catalog),
               options.fallbacks,
               Gate(host_names(options), options.allow_origins),
               Clients(options.trusted_proxies),
               options.forges,
               *std::move(access),
               options.log_answers,
               options.cache_shared,
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
  note(running.threads == wanted.threads, "threads");
  note(running.limits.server.gather == wanted.limits.server.gather, "limits.server.gather");
  return names;
}

}  // namespace weir::edge
