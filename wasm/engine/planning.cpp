#include <algorithm>

#include "engine/boundary.hpp"
#include "engine/encodings.hpp"
#include "engine/json_values.hpp"
#include "weir/prompt/builder.hpp"
#include "weir/prompt/context.hpp"
#include "weir/prompt/request.hpp"
#include "weir/provider/models.hpp"

namespace weir::boundary {
namespace {

/// The one provider that takes no model but its own; all others pass any on.
constexpr std::string_view offline_name = "extract";

// -- models as JSON: {"id", "context_tokens", "answer_tokens", "encoding", "exact",
// "tools"}

json::Value json_of(const provider::Model& model) {
  const prompt::Budget budget = provider::counted_budget(model);
  return {{"id", model.id},
          {"context_tokens", budget.context_tokens},
          {"answer_tokens", budget.answer_tokens},
          {"encoding", tokens::name(model.encoding)},
          {"exact", model.exact},
          {"tools", budget.tools}};
}

provider::Model model_of(const json::Value& value) {
  provider::Model model;
  model.id = json::string_or(value, "id");
  if (const std::uint32_t most = unsigned_of(value, "context_tokens")) {
    model.budget.context_tokens = most;
  }
  if (const std::uint32_t most = unsigned_of(value, "answer_tokens")) {
    model.budget.answer_tokens = most;
  }
  model.encoding =
      tokens::encoding_name(json::string_or(value, "encoding")).value_or(model.encoding);
  model.exact = json::boolean_or(value, "exact", true);
  model.budget.tools = json::boolean_or(value, "tools", false);
  model.known = true;
  return model;
}

// -- the edge's listing of what can be asked, read back into what the edge made it from

provider::Provider provider_of(const json::Value& value) {
  provider::Provider provider;
  provider.name = json::string_or(value, "name");
  provider.kind = provider.name == offline_name ? provider::Provider::Kind::extract
                                                : provider::Provider::Kind::openai;
  if (const json::Value* models = json::find(value, "models"); models && models->is_array()) {
    for (const json::Value& model : *models) provider.models.push_back(model_of(model));
  }
  if (!provider.models.empty()) provider.default_model = provider.models.front().id;
  return provider;
}

provider::Catalog catalog_of(const json::Value& listing) {
  provider::Catalog catalog;
  if (const json::Value* list = json::find(listing, "providers"); list && list->is_array()) {
    for (const json::Value& value : *list) catalog.providers.push_back(provider_of(value));
  }
  const json::Value* defaults = json::find(listing, "default");
  if (!defaults) return catalog;
  const std::string first = json::string_or(*defaults, "provider");
  const auto chosen =
      std::find_if(catalog.providers.begin(), catalog.providers.end(),
                   [&](const provider::Provider& provider) { return provider.name == first; });
  if (chosen == catalog.providers.end()) return catalog;
  chosen->default_model = json::string_or(*defaults, "model", chosen->default_model);
  std::rotate(catalog.providers.begin(), chosen, chosen + 1);
  return catalog;
}

json::Value json_of(const provider::Provider& provider) {
  json::Value models = json::Value::array();
  for (const provider::Model& model : provider.models) models.push_back(json_of(model));
  return {{"name", provider.name}, {"models", std::move(models)}};
}

json::Value offline_listing() {
  const provider::Catalog catalog = provider::offline_catalog();
  WEIR_ASSERT(!catalog.providers.empty());
  json::Value providers = json::Value::array();
  for (const provider::Provider& provider : catalog.providers) {
    providers.push_back(json_of(provider));
  }
  const provider::Provider& first = catalog.providers.front();
  return {{"default", {{"provider", first.name}, {"model", first.default_model}}},
          {"configured", false},
          {"providers", std::move(providers)}};
}

Result<json::Value> choose(std::string_view provider, std::string_view model,
                           std::string_view listing) {
  const Result<json::Value> parsed = json::parse(listing);
  if (!parsed) return parsed.error();
  const provider::Catalog catalog = catalog_of(*parsed);
  const auto chosen = catalog.choose(provider, model);
  if (!chosen) return chosen.error();
  json::Value value = json_of(chosen->second);
  value["provider"] = chosen->first->name;
  return value;
}

// -- the plan

json::Value json_of(const PassageRef& passage) {
  return {
      {"path", passage.path}, {"start_line", passage.start_line}, {"end_line", passage.end_line}};
}

json::Value json_of(const prompt::Prompt& prompt, const json::Value& chosen) {
  json::Value kept = json::Value::array();
  for (const Passage& passage : prompt.passages) kept.push_back(json_of(ref(passage)));
  json::Value dropped = json::Value::array();
  for (const stream::DroppedPassage& passage : prompt.dropped) {
    dropped.push_back(json_of(passage.passage));
    dropped.back()["why"] = passage.why;
  }
  const provider::Model model = model_of(chosen);
  return {{"provider", json::string_or(chosen, "provider")},
          {"model", model.id},
          {"prompt_tokens", prompt.tokens},
          {"context_tokens", model.budget.context_tokens},
          {"answer_tokens", model.budget.answer_tokens},
          {"exact", model.exact && prompt.tools.empty()},
          {"kept", std::move(kept)},
          {"dropped", std::move(dropped)},
          {"dropped_messages", prompt.dropped_messages}};
}

Result<json::Value> plan(const tokens::Encoding& encoding, std::string_view request,
                         std::string_view chosen) {
  const Result<json::Value> model = json::parse(chosen);
  if (!model) return model.error();
  Result<prompt::ChatRequest> parsed = prompt::parse_request(request);
  if (!parsed) return parsed.error();
  const Result<prompt::Prompt> built =
      prompt::build_prompt(*std::move(parsed), model_of(*model).budget, encoding);
  if (!built) return built.error();
  return json_of(*built, *model);
}

}  // namespace
}  // namespace weir::boundary

using namespace weir::boundary;

/// What can be answered without an edge, in the form of GET /v1/providers.
WEIR_EXPORT void weir_offline_providers() {
  give(offline_listing());
}

/// The model that an ask with these `provider` and `model` members (empty: the default) gets, of a
/// listing as GET /v1/providers gives it -> {"provider", "id", "context_tokens", ..., "encoding"}.
WEIR_EXPORT void weir_choose_model(const std::uint8_t* provider, std::uint32_t provider_size,
                                   const std::uint8_t* model, std::uint32_t model_size,
                                   const std::uint8_t* listing, std::uint32_t listing_size) {
  give(choose(text_of(provider, provider_size), text_of(model, model_size),
              text_of(listing, listing_size)));
}

/// Builds the prompt as the edge will. `request` is a ChatCompletionRequest, `chosen` a model as
/// weir_choose_model gives it, with its encoding -> Plan.
WEIR_EXPORT void weir_plan(std::uint32_t encoding, const std::uint8_t* request,
                           std::uint32_t request_size, const std::uint8_t* chosen,
                           std::uint32_t chosen_size) {
  const weir::tokens::Encoding* found = find_encoding(encoding);
  found ? give(plan(*found, text_of(request, request_size), text_of(chosen, chosen_size)))
        : fail(no_such_handle("encoding"));
}

/// 1 where a repository is searched for this question; 0 where it is too long for that. Without an
/// encoding (0): 2 where only a count can tell.
WEIR_EXPORT std::uint32_t weir_is_searched(std::uint32_t encoding, const std::uint8_t* question,
                                           std::uint32_t question_size) {
  const weir::limits::Request limits;
  const std::string_view text = text_of(question, question_size);
  if (weir::prompt::is_surely_searched(text, limits)) return 1;
  const weir::tokens::Encoding* found = find_encoding(encoding);
  if (!found) return 2;
  return weir::prompt::is_searched(text, *found, limits) ? 1 : 0;
}
