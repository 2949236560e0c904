#include <string>

#include "weir/provider/anthropic.hpp"
#include "weir/provider/azure.hpp"
#include "weir/provider/bedrock.hpp"
#include "weir/provider/call.hpp"
#include "weir/provider/dashscope.hpp"
#include "weir/provider/extract.hpp"
#include "weir/provider/google.hpp"
#include "weir/provider/models.hpp"
#include "weir/provider/ollama.hpp"
#include "weir/provider/ollama_models.hpp"
#include "weir/provider/openai.hpp"
#include "weir/provider/openrouter.hpp"
#include "weir/provider/provider.hpp"

namespace weir::provider {
namespace {

constexpr std::string_view extract_name = "extract";

/// Its one "model" is named as it is: nothing is asked of a model.
Provider extract_provider() {
  Model model;
  model.id = extract_name;
  // No model counts here: the smaller vocabulary is the sooner loaded.
  model.encoding = tokens::EncodingName::cl100k_base;
  model.known = true;
  Provider extract;
  extract.name = extract_name;
  extract.kind = Provider::Kind::extract;
  extract.default_model = extract_name;
  extract.models = {model};
  return extract;
}

Error no_such_provider(const std::vector<Provider>& providers) {
  std::string names;
  for (const Provider& provider : providers) {
    if (!names.empty()) names += ", ";
    names += provider.name;
  }
  return {ErrorCode::invalid_request, "provider names one that is not configured here.",
          "Leave provider out for the default, or use one of: " + names + "."};
}

Error no_such_model(const Provider& provider) {
  return {ErrorCode::invalid_request, "model names one that " + provider.name + " does not have.",
          "Leave model out, or use: " + provider.default_model + "."};
}

}  // namespace

Result<std::pair<const Provider*, Model>> Catalog::choose(std::string_view provider,
                                                          std::string_view model) const {
  const Provider* chosen = provider.empty() && !providers.empty() ? &providers.front() : nullptr;
  for (const Provider& each : providers) {
    if (!chosen && each.name == provider) chosen = &each;
  }
  if (!chosen) return no_such_provider(providers);
  Model found = find_model(chosen->models, model.empty() ? chosen->default_model : model);
  if (chosen->kind == Provider::Kind::extract && !found.known) return no_such_model(*chosen);
  return std::pair<const Provider*, Model>(chosen, std::move(found));
}

Catalog catalog_from_environment(Environment environment) {
  return catalog_from_environment(environment, known_models());
}

Catalog catalog_from_environment(Environment environment, const ModelTable& table) {
  Catalog catalog{providers_from_environment(environment, table)};
  catalog.providers.push_back(extract_provider());
  return catalog;
}

Catalog offline_catalog() {
  return {{extract_provider()}};
}

std::string unreachable_hint(const Provider& provider) {
  if (provider.kind == Provider::Kind::ollama) {
    return "Start Ollama with: ollama serve. OLLAMA_HOST says where the edge looks for it.";
  }
  return "Check the provider's address and that the edge may connect to it; then ask again.";
}

std::optional<Start> explain(const Provider& provider, const Model& model,
                             const stream::Failed& failed, const limits::Provider& limits,
                             const Attempt& attempt) {
  const bool lacks_model = failed.error.code == ErrorCode::provider_model_missing;
  if (provider.kind != Provider::Kind::ollama || !lacks_model) return std::nullopt;
  const prompt::Prompt no_prompt;
  const Call call{provider, model, no_prompt, limits, attempt};
  Start out;
  out.request = ollama_models_request(call);
  out.codec = ollama_models_codec(call, failed);
  return out;
}

Start start(const Provider& provider, const Model& model, const prompt::Prompt& prompt,
            const limits::Provider& limits, const Attempt& attempt) {
  const Call call{provider, model, prompt, limits, attempt};
  Start out;
  switch (provider.kind) {
    case Provider::Kind::extract:
      out.local = extract_answer(prompt);
      break;
    case Provider::Kind::openai:
      out.request = openai_request(call);
      out.codec = openai_codec(call);
      break;
    case Provider::Kind::google:
      out.request = google_request(call);
      out.codec = google_codec(call);
      break;
    case Provider::Kind::anthropic:
      out.request = anthropic_request(call);
      out.codec = anthropic_codec(call);
      break;
    case Provider::Kind::ollama:
      out.request = ollama_request(call);
      out.codec = ollama_codec(call);
      break;
    case Provider::Kind::azure:
      out.request = azure_request(call);
      out.codec = azure_codec(call);
      break;
    case Provider::Kind::openrouter:
      out.request = openrouter_request(call);
      out.codec = openrouter_codec(call);
      break;
    case Provider::Kind::dashscope:
      out.request = dashscope_request(call);
      out.codec = dashscope_codec(call);
      break;
    case Provider::Kind::bedrock:
      out.request = bedrock_request(call);
      out.codec = bedrock_codec(call);
      break;
  }
  return out;
}

}  // namespace weir::provider
