#include "providers.hpp"

#include <algorithm>
#include <map>

#include "environment.hpp"
#include "text_file.hpp"
#include "weir/provider/models.hpp"
#include "weir/text/ascii.hpp"

namespace weir::edge {
namespace {

/// The config file's settings under the environment's names. Static because provider::Environment
/// is a plain function.
std::map<std::string, std::string, std::less<>>& overrides() {
  static std::map<std::string, std::string, std::less<>> values;
  return values;
}

std::optional<std::string> variable(std::string_view name) {
  if (const auto found = overrides().find(name); found != overrides().end()) return found->second;
  return environment_variable(name);
}

void override_with(const std::map<std::string, ProviderSettings>& providers) {
  overrides().clear();
  for (const auto& [name, settings] : providers) {
    if (!settings.base_url.empty())
      overrides()[text::to_upper(name) + "_BASE_URL"] = settings.base_url;
    if (!settings.api_key.empty())
      overrides()[text::to_upper(name) + "_API_KEY"] = settings.api_key;
  }
}

auto find(provider::Catalog& catalog, std::string_view name) {
  return std::find_if(catalog.providers.begin(), catalog.providers.end(),
                      [&](const provider::Provider& provider) { return provider.name == name; });
}

Error no_such(const provider::Catalog& catalog, std::string_view where, std::string_view name) {
  std::string names;
  for (const provider::Provider& provider : catalog.providers) {
    names += (names.empty() ? "" : ", ") + provider.name;
  }
  return {ErrorCode::invalid_request,
          std::string(where) + " names " + std::string(name) + ", which is not configured.",
          "Configured are: " + names + "."};
}

/// The built-in table, with what the file says of a provider in place of what that says.
Result<provider::ModelTable> model_table(const std::string& path) {
  provider::ModelTable table = provider::known_models();
  if (path.empty()) return table;
  const Result<std::string> text = read_text_file(path);
  if (!text) return text.error();
  Result<provider::ModelTable> read = provider::read_models(*text);
  if (!read) {
    return Error{read.error().code, path + ": " + read.error().message, read.error().hint};
  }
  for (auto& [name, defaults] : *read) {
    const auto known = table.find(name);
    if (known == table.end()) {
      return Error{ErrorCode::invalid_request, path + ": providers." + name + " is no provider.",
                   "models.json lists those that there are."};
    }
    if (defaults.base_url.empty()) defaults.base_url = known->second.base_url;
    if (defaults.embeddings.empty()) defaults.embeddings = known->second.embeddings;
    known->second = std::move(defaults);
  }
  return table;
}

}  // namespace

Result<provider::Catalog> make_catalog(const Options& options) {
  const Result<provider::ModelTable> table = model_table(options.models);
  if (!table) return table.error();
  override_with(options.providers);
  provider::Catalog catalog = provider::catalog_from_environment(variable, *table);
  for (const auto& [name, settings] : options.providers) {
    if (find(catalog, name) == catalog.providers.end()) {
      return no_such(catalog, "The config file's providers", name);
    }
  }
  if (!options.provider.empty()) {
    const auto chosen = find(catalog, options.provider);
    if (chosen == catalog.providers.end()) return no_such(catalog, "--provider", options.provider);
    std::rotate(catalog.providers.begin(), chosen, chosen + 1);
  }
  if (!options.model.empty()) catalog.providers.front().default_model = options.model;
  for (const std::string& name : options.fallbacks) {
    if (find(catalog, name) == catalog.providers.end()) return no_such(catalog, "--fallback", name);
  }
  return catalog;
}

}  // namespace weir::edge
