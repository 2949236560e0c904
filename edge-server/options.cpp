#include "options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

#include "clients.hpp"
#include "gate.hpp"
#include "limits_config.hpp"
#include "text_file.hpp"
#include "weir/json/json.hpp"
#include "wrong.hpp"

namespace weir::edge {
namespace {

constexpr unsigned threads_most = 64;

/// Reads a config file's members, remembering the first error.
class ConfigReader {
 public:
  explicit ConfigReader(Options& options) : options_(options) {}

  Result<void> read(const json::Value& config) {
    if (!config.is_object()) return wrong("The config file", "a JSON object");
    for (const auto& [name, value] : config.items()) {
      member(name, value);
      if (error_) return *error_;
    }
    return {};
  }

 private:
  void member(const std::string& name, const json::Value& value) {
    if (name == "listen") return listen(value);
    if (name == "share_port") return flag(name, value, options_.share_port);
    if (name == "site") return text(name, value, options_.site);
    if (name == "packs") return text(name, value, options_.packs);
    if (name == "threads") return threads(value);
    if (name == "provider") return text(name, value, options_.provider);
    if (name == "model") return text(name, value, options_.model);
    if (name == "models") return text(name, value, options_.models);
    if (name == "fallbacks") return texts(name, value, options_.fallbacks);
    if (name == "allow_hosts") return texts(name, value, options_.allow_hosts);
    if (name == "allow_origins") return texts(name, value, options_.allow_origins);
    if (name == "trusted_proxies") return trusted_proxies(value);
    if (name == "forges") return forges(value);
    if (name == "providers") return providers(value);
    if (name == "limits") {
      const Result<void> applied = apply_limits(options_.limits, value, name);
      if (!applied) error_ = applied.error();
      return;
    }
    unknown(name);
  }

  void listen(const json::Value& value) {
    std::string address;
    text("listen", value, address);
    if (error_) return;
    if (const Result<void> applied = apply_listen(options_, address); !applied) {
      error_ = applied.error();
    }
  }

  void flag(const std::string& path, const json::Value& value, bool& out) {
    if (!value.is_boolean()) {
      error_ = wrong(path, "true or false");
    } else {
      out = value.get<bool>();
    }
  }

  void text(const std::string& path, const json::Value& value, std::string& out) {
    if (!value.is_string()) {
      error_ = wrong(path, "a string");
    } else {
      out = value.get<std::string>();
    }
  }

  void texts(const std::string& path, const json::Value& value, std::vector<std::string>& out) {
    if (!value.is_array()) {
      error_ = wrong(path, "a list of strings");
      return;
    }
    out.clear();
    for (std::size_t i = 0; i < value.size() && !error_; ++i) {
      text(path + "[" + std::to_string(i) + "]", value[i], out.emplace_back());
    }
  }

  void trusted_proxies(const json::Value& value) {
    std::vector<std::string> list;
    texts("trusted_proxies", value, list);
    if (error_) return;
    auto ranges = parse_ranges(list);
    if (ranges) {
      options_.trusted_proxies = *std::move(ranges);
    } else {
      error_ = ranges.error();
    }
  }

  void forges(const json::Value& value) {
    Result<std::vector<Forge>> list = read_forges(value, "forges");
    if (list) {
      options_.forges = *std::move(list);
    } else {
      error_ = list.error();
    }
  }

  void threads(const json::Value& value) {
    if (!value.is_number_unsigned() || value < 1U || value > threads_most) {
      error_ = wrong("threads", "a whole number from 1 to " + std::to_string(threads_most));
    } else {
      options_.threads = value.get<unsigned>();
    }
  }

  void providers(const json::Value& value) {
    if (!value.is_object()) {
      error_ = wrong("providers", "an object");
      return;
    }
    for (const auto& [name, settings] : value.items()) {
      provider("providers." + name, settings, options_.providers[name]);
      if (error_) return;
    }
  }

  void provider(const std::string& path, const json::Value& value, ProviderSettings& out) {
    if (!value.is_object()) {
      error_ = wrong(path, "an object");
      return;
    }
    for (const auto& [name, setting] : value.items()) {
      const std::string where = path + "." + name;
      if (name == "base_url") {
        text(where, setting, out.base_url);
      } else if (name == "api_key") {
        text(where, setting, out.api_key);
      } else {
        unknown(where);
      }
      if (error_) return;
    }
  }

  void unknown(const std::string& path) {
    error_ = Error{ErrorCode::invalid_request, path + " is not a member of a config file.", ""};
  }

  Options& options_;
  std::optional<Error> error_;
};

Result<void> apply_config_file(Options& options, const std::string& path) {
  const Result<std::string> text = read_text_file(path);
  if (!text) return text.error();
  Result<void> applied = apply_config(options, *text);
  if (applied) return {};
  return Error{applied.error().code, path + ": " + applied.error().message, applied.error().hint};
}

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

Result<void> apply_config(Options& options, std::string_view text) {
  const Result<json::Value> config = json::parse(text);
  if (!config) return config.error();
  return ConfigReader(options).read(*config);
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
