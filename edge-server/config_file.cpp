#include "config_file.hpp"

#include <utility>

#include "access_settings.hpp"
#include "config_reader.hpp"
#include "ip_range.hpp"
#include "limits_config.hpp"

namespace weir::edge {
namespace {

using Take = ConfigReader::Take;

/// Gives each kind of member its reading.
class Taking {
 public:
  explicit Taking(ConfigReader& reader) : reader_(reader) {}

  Take text(std::string& out) const {
    return [this, &out](const std::string& path, const json::Value& value) {
      reader_.text(path, value, out);
    };
  }
  Take texts(std::vector<std::string>& out) const {
    return [this, &out](const std::string& path, const json::Value& value) {
      reader_.texts(path, value, out);
    };
  }
  Take flag(bool& out) const {
    return [this, &out](const std::string& path, const json::Value& value) {
      reader_.flag(path, value, out);
    };
  }

 private:
  ConfigReader& reader_;
};

void read_listen(ConfigReader& reader, Options& options, const std::string& path,
                 const json::Value& value) {
  if (!value.is_string()) return reader.wrong(path, "a string");
  const Result<void> applied = apply_listen(options, value.get<std::string>());
  if (!applied) reader.fail(applied.error());
}

void read_trusted_proxies(ConfigReader& reader, Options& options, const std::string& path,
                          const json::Value& value) {
  options.trusted_proxies.clear();
  if (!value.is_array()) return reader.wrong(path, "a list of strings");
  reader.list(path, value, [&](const std::string& where, const json::Value& each) {
    std::string text;
    reader.text(where, each, text);
    if (!each.is_string()) return;
    if (const auto range = IpRange::parse(text)) {
      options.trusted_proxies.push_back(*range);
    } else {
      reader.wrong(where, "an address or a range of them, as 192.0.2.1 or 10.0.0.0/8");
    }
  });
}

void read_providers(ConfigReader& reader, Options& options, const std::string& path,
                    const json::Value& value) {
  const Taking taking(reader);
  reader.entries(path, value,
                 [&](const std::string& where, const std::string& name, const json::Value& each) {
                   ProviderSettings& settings = options.providers[name];
                   reader.object(where, each,
                                 {{"base_url", taking.text(settings.base_url)},
                                  {"api_key", taking.text(settings.api_key)}});
                 });
}

void read_forge_list(ConfigReader& reader, Options& options, const std::string& path,
                     const json::Value& value) {
  Result<std::vector<Forge>> forges = read_forges(value, path);
  if (!forges) return reader.fail(forges.error());
  options.forges = *std::move(forges);
}

Take limit(ConfigReader& reader, std::optional<std::size_t>& out) {
  return [&](const std::string& path, const json::Value& value) {
    constexpr std::uint64_t most = std::uint64_t{1} << 40;
    if (const auto given = reader.number(path, value, 0, most)) out = *given;
  };
}

void read_code(ConfigReader& reader, std::vector<AccessSettings::Code>& codes,
               const std::string& path, const json::Value& value) {
  constexpr std::size_t bytes_least = 8;
  const Taking taking(reader);
  AccessSettings::Code& code = codes.emplace_back();
  relay::ClientRights& rights = code.rights;
  reader.object(path, value,
                {{"name", taking.text(code.name)},
                 {"code", taking.text(code.code)},
                 {"packs", taking.texts(rights.packs)},
                 {"running", limit(reader, rights.running)},
                 {"requests_per_minute", limit(reader, rights.requests_per_minute)},
                 {"tokens_per_minute", limit(reader, rights.tokens_per_minute)}});
  if (!value.is_object()) return;
  if (code.name.empty()) reader.wrong(path + ".name", "a string that says who has the code");
  if (code.code.size() < bytes_least) {
    reader.wrong(path + ".code", "a string of at least 8 bytes that nobody can guess");
  }
}

void read_mode(ConfigReader& reader, AccessSettings& access, const std::string& path,
               const json::Value& value) {
  using Mode = AccessSettings::Mode;
  for (const auto& [name, mode] :
       {std::pair("open", Mode::open), {"codes", Mode::codes}, {"tokens", Mode::tokens}}) {
    if (value != name) continue;
    access.mode = mode;
    return;
  }
  reader.wrong(path, "open, codes or tokens");
}

/// A mode without what it needs would let nobody in, or a token of anybody's.
void check_access(ConfigReader& reader, const AccessSettings& access, const std::string& path) {
  if (access.mode == AccessSettings::Mode::codes && access.codes.empty()) {
    reader.wrong(path + ".codes", "a list with one code at least, where the mode is codes");
  }
  if (access.mode != AccessSettings::Mode::tokens) return;
  if (access.keys.empty()) {
    reader.wrong(path + ".keys", "a file or an https address, where the mode is tokens");
  }
  if (access.issuer.empty()) {
    reader.wrong(path + ".issuer", "what tokens say in `iss`, where the mode is tokens");
  }
  if (access.audience.empty()) {
    reader.wrong(path + ".audience", "what tokens say in `aud`, where the mode is tokens");
  }
}

void read_access(ConfigReader& reader, Options& options, const std::string& path,
                 const json::Value& value) {
  const Taking taking(reader);
  AccessSettings& access = options.access;
  access.is_set = true;
  reader.object(path, value,
                {{"mode", [&](const std::string& where,
                              const json::Value& mode) { read_mode(reader, access, where, mode); }},
                 {"beyond_loopback", taking.flag(access.beyond_loopback)},
                 {"codes",
                  [&](const std::string& where, const json::Value& codes) {
                    reader.list(where, codes, [&](const std::string& at, const json::Value& code) {
                      read_code(reader, access.codes, at, code);
                    });
                  }},
                 {"keys", taking.text(access.keys)},
                 {"issuer", taking.text(access.issuer)},
                 {"audience", taking.text(access.audience)}});
  if (value.is_object()) check_access(reader, access, path);
}

}  // namespace

Result<void> apply_config(Options& options, std::string_view text) {
  const Result<json::Value> config = json::parse(text);
  if (!config) return config.error();
  ConfigReader reader;
  const Taking taking(reader);
  const auto with = [&](auto read) -> Take {
    return [&reader, &options, read](const std::string& path, const json::Value& value) {
      read(reader, options, path, value);
    };
  };
  std::string schema;  // for editors
  reader.object("", *config,
                {{"$schema", taking.text(schema)},
                 {"listen", with(read_listen)},
                 {"share_port", taking.flag(options.share_port)},
                 {"site", taking.text(options.site)},
                 {"packs", taking.text(options.packs)},
                 {"threads",
                  [&](const std::string& path, const json::Value& value) {
                    const auto threads = reader.number(path, value, 1, threads_most);
                    if (threads) options.threads = static_cast<unsigned>(*threads);
                  }},
                 {"provider", taking.text(options.provider)},
                 {"model", taking.text(options.model)},
                 {"models", taking.text(options.models)},
                 {"fallbacks", taking.texts(options.fallbacks)},
                 {"allow_hosts", taking.texts(options.allow_hosts)},
                 {"allow_origins", taking.texts(options.allow_origins)},
                 {"trusted_proxies", with(read_trusted_proxies)},
                 {"log_answers", taking.flag(options.log_answers)},
                 {"cache_shared", taking.flag(options.cache_shared)},
                 {"private_packs", taking.texts(options.private_packs)},
                 {"access", with(read_access)},
                 {"forges", with(read_forge_list)},
                 {"providers", with(read_providers)},
                 {"limits", [&](const std::string& path, const json::Value& value) {
                    read_limits(reader, options.limits, path, value);
                  }}});
  return reader.result();
}

}  // namespace weir::edge
