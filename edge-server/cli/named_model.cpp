#include "named_model.hpp"

#include <algorithm>
#include <optional>

#include "environment.hpp"
#include "options.hpp"
#include "providers.hpp"
#include "weir/provider/embeddings.hpp"
#include "weir/text/ascii.hpp"

namespace weir::cli {
namespace {

Error not_configured(std::string_view name, const provider::Catalog& catalog) {
  std::string names;
  for (const provider::Provider& each : catalog.providers) {
    if (each.kind == provider::Provider::Kind::extract) continue;
    names += (names.empty() ? "" : ", ") + each.name;
  }
  const std::string upper = text::to_upper(name);
  return {ErrorCode::invalid_request, "No provider " + std::string(name) + " is configured.",
          "Set " + upper + "_API_KEY or " + upper +
              "_BASE_URL (ollama: OLLAMA_HOST), or name a file with --config. Configured: " +
              (names.empty() ? "none" : names) + "."};
}

}  // namespace

Result<NamedModel> find_model(std::string_view name, std::string_view model,
                              std::uint32_t dimensions, const std::string& config) {
  edge::Options options;
  if (!config.empty()) {
    if (auto applied = edge::apply_config_file(options, config); !applied) return applied.error();
  }
  const auto catalog = edge::make_catalog(options);
  if (!catalog) return catalog.error();
  const auto found = std::find_if(catalog->providers.begin(), catalog->providers.end(),
                                  [&](const auto& each) { return each.name == name; });
  if (found == catalog->providers.end()) return not_configured(name, *catalog);
  provider::EmbeddingRequest request;
  if (dimensions > 0) request.dimensions = dimensions;
  if (auto can = provider::check_embedding(*found, model, request); !can) return can.error();
  return NamedModel{*found, std::string(model)};
}

NamedModel model_at_edge(std::string_view provider, std::string_view model,
                         const std::string& edge) {
  NamedModel asked;
  asked.provider.name = "the edge";
  asked.provider.kind = provider::Provider::Kind::openai;
  asked.provider.base_url = edge;
  while (asked.provider.base_url.ends_with('/')) asked.provider.base_url.pop_back();
  asked.provider.base_url += "/v1";
  asked.provider.api_key = edge::environment_variable("WEIR_ACCESS").value_or("");
  asked.model = std::string(provider) + "/" + std::string(model);
  return asked;
}

}  // namespace weir::cli
