#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access_settings.hpp"
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

constexpr unsigned threads_most = 64;

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
  std::vector<IpRange> trusted_proxies;    ///< which say whose requests they pass on
  bool log_answers = true;                 ///< a line of JSON for each, on stderr
  bool cache_shared = false;               ///< among all clients (relay::Config)
  std::vector<std::string> private_packs;  ///< files that go only to who may have them
  AccessSettings access;
  std::map<std::string, ProviderSettings> providers;
  std::vector<Forge> forges = default_forges();  ///< whose archives may be fetched
  limits::Edge limits;
  std::string config;       ///< the file that all this was read from; empty: none
  bool check_only = false;  ///< say whether the configuration is right, and end
};

/// The program is to end at once with this status (after --help, or a usage error already shown).
struct ExitWith {
  int status = 0;
};

/// Reads the command line and the file that --config names; a flag wins over the file. An error
/// names the flag, or each member of the file that is wrong, on a line of its own.
Result<std::variant<Options, ExitWith>> parse_options(int argc, const char* const* argv);

/// Puts what a config file says into `options`; the error names the file.
Result<void> apply_config_file(Options& options, const std::string& path);

/// "HOST:PORT", "[::1]:PORT".
Result<void> apply_listen(Options& options, std::string_view address);

}  // namespace weir::edge
