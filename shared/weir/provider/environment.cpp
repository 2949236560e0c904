#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/json/json.hpp"
#include "weir/provider/models.hpp"
#include "weir/provider/provider.hpp"
#include "weir/text/ascii.hpp"

namespace weir::provider {
namespace {

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

/// The parts between commas that are not blank.
std::vector<std::string> listed(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (std::string part = trimmed(text.substr(0, end)); !part.empty()) {
      parts.push_back(std::move(part));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string without_slash_at_end(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

/// "REGION" in the table's address.
std::string with_region(std::string url, std::string_view region) {
  constexpr std::string_view placeholder = "REGION";
  if (const std::size_t at = url.find(placeholder); at != std::string::npos) {
    url.replace(at, placeholder.size(), region);
  }
  return url;
}

class Sources {
 public:
  Sources(Environment environment, const ModelTable& table)
      : environment_(environment), table_(table) {}

  /// Those that are configured. The first is the default: providers whose variables are set for
  /// nothing else come first, and Bedrock, whose variables many machines have, late.
  std::vector<Provider> configured() const {
    std::vector<Provider> out;
    for (const auto& [name, kind, configure] : sources) {
      Provider provider = named(name, kind);
      if ((this->*configure)(provider)) out.push_back(std::move(provider));
    }
    return out;
  }

 private:
  struct Source {
    std::string_view name;
    Provider::Kind kind;
    bool (Sources::*configure)(Provider& provider) const;
  };
  static const Source sources[8];

  /// The variable's value without blanks around it; empty where it is not set.
  std::string value(std::string_view variable) const {
    const std::optional<std::string> found = environment_(variable);
    return found ? trimmed(*found) : "";
  }

  std::string first_set(std::string_view variable, std::string_view other) const {
    std::string found = value(variable);
    return found.empty() ? value(other) : found;
  }

  Provider named(std::string_view name, Provider::Kind kind) const {
    Provider provider;
    provider.name = name;
    provider.kind = kind;
    const auto defaults = table_.find(name);
    if (defaults == table_.end()) return provider;
    provider.base_url = defaults->second.base_url;
    provider.default_model = defaults->second.default_model;
    provider.models = defaults->second.models;
    provider.embeddings = defaults->second.embeddings;
    return provider;
  }

  /// NAME_API_KEY and NAME_BASE_URL. True where the first is set.
  bool by_key(Provider& provider) const {
    take_address(provider, value(text::to_upper(provider.name) + "_BASE_URL"));
    return take_keys(provider, value(text::to_upper(provider.name) + "_API_KEY"));
  }

  /// Local servers need an address only.
  bool by_key_or_address(Provider& provider) const {
    const bool has_key = by_key(provider);
    return has_key || !value(text::to_upper(provider.name) + "_BASE_URL").empty();
  }

  static void take_address(Provider& provider, std::string url) {
    if (!url.empty()) provider.base_url = without_slash_at_end(std::move(url));
  }

  static bool take_keys(Provider& provider, std::string_view text) {
    std::vector<std::string> keys = listed(text);
    if (keys.empty()) return false;
    provider.api_key = std::move(keys.front());
    keys.erase(keys.begin());
    provider.more_keys = std::move(keys);
    return true;
  }

  bool openrouter(Provider& provider) const {
    provider.headers = {{"x-title", "Weir"}};
    if (std::string site = value("OPENROUTER_SITE_URL"); !site.empty()) {
      provider.headers.push_back({"http-referer", std::move(site)});
    }
    if (const auto order = listed(value("OPENROUTER_PROVIDERS")); !order.empty()) {
      provider.routing = json::write({{"order", order}});
    }
    return by_key(provider);
  }

  /// Without an endpoint there is nowhere to ask.
  bool azure(Provider& provider) const {
    constexpr std::string_view newest_without_preview = "2024-10-21";
    take_address(provider, first_set("AZURE_BASE_URL", "AZURE_OPENAI_ENDPOINT"));
    take_keys(provider, first_set("AZURE_API_KEY", "AZURE_OPENAI_API_KEY"));
    provider.api_version = value("AZURE_OPENAI_VERSION");
    if (provider.api_version.empty()) provider.api_version = newest_without_preview;
    return !provider.base_url.empty();
  }

  bool bedrock(Provider& provider) const {
    provider.access_key_id = value("AWS_ACCESS_KEY_ID");
    provider.api_key = value("AWS_SECRET_ACCESS_KEY");
    provider.session_token = value("AWS_SESSION_TOKEN");
    provider.region = value("AWS_REGION");
    if (provider.region.empty()) provider.region = "us-east-1";
    provider.base_url = with_region(std::move(provider.base_url), provider.region);
    take_address(provider, value("BEDROCK_BASE_URL"));
    return !provider.access_key_id.empty() && !provider.api_key.empty();
  }

  /// OLLAMA_HOST may leave out the scheme and the port, as Ollama's own programs read it
  /// (https://docs.ollama.com/faq). It must be set: a server that nobody spoke of is not asked.
  bool ollama(Provider& provider) const {
    std::string address = first_set("OLLAMA_BASE_URL", "OLLAMA_HOST");
    if (address.empty()) return false;
    if (address.find("://") == std::string::npos) {
      address = without_slash_at_end(std::move(address));
      const bool has_port = address.find(':', address.find(']') + 1) != std::string::npos;
      address = "http://" + address + (has_port ? "" : ":11434");
    }
    take_address(provider, std::move(address));
    take_keys(provider, value("OLLAMA_API_KEY"));
    return true;
  }

  Environment environment_;
  const ModelTable& table_;
};

const Sources::Source Sources::sources[8] = {
    {"openai", Provider::Kind::openai, &Sources::by_key_or_address},
    {"google", Provider::Kind::google, &Sources::by_key},
    {"anthropic", Provider::Kind::anthropic, &Sources::by_key},
    {"openrouter", Provider::Kind::openrouter, &Sources::openrouter},
    {"azure", Provider::Kind::azure, &Sources::azure},
    {"dashscope", Provider::Kind::dashscope, &Sources::by_key},
    {"ollama", Provider::Kind::ollama, &Sources::ollama},
    {"bedrock", Provider::Kind::bedrock, &Sources::bedrock},
};

}  // namespace

std::vector<Provider> providers_from_environment(Environment environment, const ModelTable& table) {
  return Sources(environment, table).configured();
}

}  // namespace weir::provider
