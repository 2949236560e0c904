#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "forges.hpp"
#include "ip_range.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"

namespace weir::edge {

/// How one provider is reached, as a config file says it.
struct ProviderSettings {
  std::string base_url;
  std::string api_key;  ///< a secret
};

struct Options {
  std::string listen_host = "127.0.0.1";
  std::uint16_t listen_port = 8787;    ///< 0: the system picks one
  bool share_port = false;             ///< with other edges (listener.hpp)
  std::string site;                    ///< a folder; empty: no site
  std::string packs;                   ///< a folder; empty: no packs
  unsigned threads = 1;                ///< workers beside the event loop
  std::string provider;                ///< empty: the first that is configured
  std::string model;                   ///< empty: the provider's default
  std::string models;                  ///< a file: what stands in place of the built-in models
  std::vector<std::string> fallbacks;  ///< providers that stand in for one that fails, in order
  std::vector<std::string> allow_hosts;
  std::vector<std::string> allow_origins;
  std::vector<IpRange> trusted_proxies;  ///< which say whose requests they pass on
  std::map<std::string, ProviderSettings> providers;
  std::vector<Forge> forges = default_forges();  ///< whose archives may be fetched
  limits::Edge limits;
};

/// The program is to end at once with this status (after --help, or a usage error already shown).
struct ExitWith {
  int status = 0;
};

/// Reads the command line and the file that --config names; a flag wins over the file. Errors name
/// the flag or the file's member.
Result<std::variant<Options, ExitWith>> parse_options(int argc, const char* const* argv);

/// Puts what a config file's text says into `options`. Errors name the member by its path
/// ("providers.openai.base_url").
Result<void> apply_config(Options& options, std::string_view text);

/// "HOST:PORT", "[::1]:PORT".
Result<void> apply_listen(Options& options, std::string_view address);

}  // namespace weir::edge
