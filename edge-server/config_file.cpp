#include "config_file.hpp"

#include "clients.hpp"
#include "config_reader.hpp"
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
                 {"providers", with(read_providers)},
                 {"limits", [&](const std::string& path, const json::Value& value) {
                    read_limits(reader, options.limits, path, value);
                  }}});
  return reader.result();
}

}  // namespace weir::edge
