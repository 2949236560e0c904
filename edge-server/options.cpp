#include "options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

#include "config_file.hpp"
#include "gate.hpp"
#include "text_file.hpp"
#include "wrong.hpp"

namespace weir::edge {
namespace {

Result<void> check(const Options& options) {
  for (const std::string& host : options.allow_hosts) {
    if (host_name(host) == std::nullopt || host_name(host)->size() != host.size()) {
      return wrong("An allowed host (" + host + ")", "a name without a port");
    }
  }
  for (const std::string& origin : options.allow_origins) {
    if (!is_origin(origin)) {
      return wrong("An allowed origin (" + origin + ")",
                   "written as https://host or https://host:port");
    }
  }
  return {};
}

/// The command line as it was given: only what is set wins over the file.
struct Flags {
  std::string listen, site, packs, config, provider, model;
  unsigned threads = 0;
  bool share_port = false;
  bool check_config = false;
  std::vector<std::string> fallbacks, allow_hosts, allow_origins;

  void declare(CLI::App& app) {
    app.add_option("--listen", listen, "where to listen; port 0 picks one (127.0.0.1:8787)")
        ->type_name("HOST:PORT");
    app.add_flag("--share-port", share_port,
                 "let another edge that does so too listen on the same port");
    app.add_option("--site", site, "the page's folder, served at /")->type_name("DIR");
    app.add_option("--packs", packs, "the folder of *.weir files, served at /packs/")
        ->type_name("DIR");
    app.add_option("--config", config, "a JSON file with any of these options, and providers")
        ->type_name("FILE");
    app.add_flag("--check-config", check_config,
                 "say whether the configuration is right, and end (status 0: it is, 2: it is not)");
    app.add_option("--threads", threads, "workers that search the packs (1)")
        ->check(CLI::Range(1U, threads_most))
        ->type_name("N");
    app.add_option("--provider", provider, "the provider of asks that name none")
        ->type_name("NAME");
    app.add_option("--model", model, "its model for asks that name none")->type_name("NAME");
    app.add_option("--fallback", fallbacks,
                   "a provider that answers where the one asked for cannot; several in this order")
        ->type_name("NAME")
        ->allow_extra_args(false);
    app.add_option("--allow-host", allow_hosts, "a name to answer under, beside localhost's")
        ->type_name("NAME")
        ->allow_extra_args(false);
    app.add_option("--allow-origin", allow_origins, "an origin whose pages may use this edge")
        ->type_name("ORIGIN")
        ->allow_extra_args(false);
  }

  Result<void> apply(Options& options) const {
    options.check_only = check_config;
    options.config = config;
    if (share_port) options.share_port = true;
    if (!site.empty()) options.site = site;
    if (!packs.empty()) options.packs = packs;
    if (threads != 0) options.threads = threads;
    if (!provider.empty()) options.provider = provider;
    if (!model.empty()) options.model = model;
    if (!fallbacks.empty()) options.fallbacks = fallbacks;
    if (!allow_hosts.empty()) options.allow_hosts = allow_hosts;
    if (!allow_origins.empty()) options.allow_origins = allow_origins;
    if (!listen.empty()) return apply_listen(options, listen);
    return {};
  }
};

}  // namespace

Result<void> apply_config_file(Options& options, const std::string& path) {
  const Result<std::string> text = read_text_file(path);
  if (!text) return text.error();
  const Result<void> applied = apply_config(options, *text);
  if (applied) return {};
  return Error{applied.error().code, path + " is wrong:\n" + applied.error().message, ""};
}

Result<void> apply_listen(Options& options, std::string_view address) {
  const std::size_t colon = address.rfind(':');
  const std::optional<std::string> host = host_name(address);
  if (!host || colon == address.npos || colon < host->size()) {
    return wrong("listen", "HOST:PORT");
  }
  unsigned port = 0;
  const std::string_view digits = address.substr(colon + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (port > 0xffff) return wrong("listen", "HOST:PORT with a port up to 65535");
  const bool bracketed = host->starts_with('[');
  options.listen_host = bracketed ? host->substr(1, host->size() - 2) : *host;
  options.listen_port = static_cast<std::uint16_t>(port);
  return {};
}

Result<std::variant<Options, ExitWith>> parse_options(int argc, const char* const* argv) {
  CLI::App app("Answers questions about code repositories over WebSocket and HTTP.", "weir-edge");
  Flags flags;
  flags.declare(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return std::variant<Options, ExitWith>(ExitWith{app.exit(error)});
  }
  Options options;
  if (!flags.config.empty()) {
    if (Result<void> applied = apply_config_file(options, flags.config); !applied) {
      return applied.error();
    }
  }
  if (Result<void> applied = flags.apply(options); !applied) return applied.error();
  if (Result<void> checked = check(options); !checked) return checked.error();
  return std::variant<Options, ExitWith>(std::move(options));
}

}  // namespace weir::edge
