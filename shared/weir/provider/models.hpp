#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/provider/provider.hpp"

namespace weir::provider {

/// What is known of a provider beforehand.
struct ProviderDefaults {
  std::string base_url;  ///< REGION stands for the region; empty where there is none
  std::string default_model;
  std::vector<Model> models;
  std::vector<EmbeddingModel> embeddings;
};

/// By the provider's name.
using ModelTable = std::map<std::string, ProviderDefaults, std::less<>>;

/// Reads a table in the form of models.schema.json. What is wrong or unknown in it is an
/// `invalid_request` that names the place ("providers.openai.models[2].context_tokens").
Result<ModelTable> read_models(std::string_view json);

/// The table that is built in, models.json.
ModelTable known_models();

/// The providers that the environment configures, without `extract`; see
/// catalog_from_environment().
std::vector<Provider> providers_from_environment(Environment environment, const ModelTable& table);

/// catalog_from_environment() with another table than the built-in one.
Catalog catalog_from_environment(Environment environment, const ModelTable& table);

/// What is known of the model `id`: the model itself, or the one that it is a dated snapshot of
/// ("gpt-4o-2024-08-06", "claude-haiku-4-5-20251001"). For any other id the default budget, and an
/// estimate by o200k_base.
Model find_model(const std::vector<Model>& known, std::string_view id);

/// What is known of a model for embeddings; of any other, its name alone.
EmbeddingModel find_embedding_model(const std::vector<EmbeddingModel>& known, std::string_view id);

/// The model's budget in tokens of the encoding that is counted with: smaller than the real one
/// where the model's own tokens are more.
prompt::Budget counted_budget(const Model& model);

}  // namespace weir::provider
