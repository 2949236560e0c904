#include "operations.hpp"

#include <algorithm>
#include <set>

#include "weir/provider/models.hpp"
#include "weir/relay/openai_face.hpp"
#include "weir/tokens/encoding.hpp"

namespace weir::edge {
namespace {

json::Value describe(const provider::Model& model) {
  const prompt::Budget budget = provider::counted_budget(model);
  json::Value described = {{"id", model.id},
                           {"context_tokens", budget.context_tokens},
                           {"answer_tokens", budget.answer_tokens},
                           {"encoding", tokens::name(model.encoding)},
                           {"exact", model.exact},
                           {"tools", model.budget.tools}};
  if (model.error_percent) described["error_percent"] = *model.error_percent;
  return described;
}

json::Value describe(const provider::Provider& provider) {
  json::Value models = json::Value::array();
  for (const provider::Model& model : provider.models) models.push_back(describe(model));
  return {{"name", provider.name}, {"models", std::move(models)}};
}

json::Value list_models(const provider::Catalog& catalog) {
  json::Value models = json::Value::array();
  std::set<std::string_view> taken;
  for (const provider::Provider& provider : catalog.providers) {
    for (const std::string_view id : model_ids(provider)) {
      const std::string name = taken.insert(id).second ? "" : provider.name + "/";
      models.push_back({{"id", name + std::string(id)},
                        {"object", "model"},
                        {"created", 0},
                        {"owned_by", provider.name}});
    }
  }
  return models;
}

}  // namespace

std::vector<std::string_view> model_ids(const provider::Provider& provider) {
  std::vector<std::string_view> ids;
  if (!provider.default_model.empty()) ids.emplace_back(provider.default_model);
  for (const provider::Model& model : provider.models) {
    if (model.id != provider.default_model) ids.emplace_back(model.id);
  }
  return ids;
}

Reply providers_reply(const provider::Catalog& catalog) {
  json::Value providers = json::Value::array();
  for (const provider::Provider& provider : catalog.providers) {
    providers.push_back(describe(provider));
  }
  const bool configured = std::any_of(catalog.providers.begin(), catalog.providers.end(),
                                      [](const provider::Provider& provider) {
                                        return provider.kind != provider::Provider::Kind::extract;
                                      });
  json::Value standard = nullptr;
  if (!catalog.providers.empty()) {
    const provider::Provider& first = catalog.providers.front();
    standard = {{"provider", first.name}, {"model", first.default_model}};
  }
  return json_reply({{"default", std::move(standard)},
                     {"providers", std::move(providers)},
                     {"configured", configured}});
}

Reply models_reply(const provider::Catalog& catalog) {
  return json_reply({{"object", "list"}, {"data", list_models(catalog)}});
}

Reply model_reply(const provider::Catalog& catalog, std::string_view id) {
  for (json::Value& model : list_models(catalog)) {
    if (json::string_or(model, "id") == id) return json_reply(model);
  }
  stream::Failed failed;
  failed.error = {ErrorCode::provider_model_missing, "No model of this name is listed.",
                  "GET /v1/models lists them."};
  return to_reply(relay::failed_head(failed));
}

Reply ready_reply(std::string_view why_not) {
  if (why_not.empty()) return text_reply("ready\n");
  Reply reply = text_reply(std::string(why_not) + "\n");
  reply.status = 503;
  return reply;
}

}  // namespace weir::edge
