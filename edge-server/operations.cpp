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

void append_metric(std::string& out, std::string_view name, std::string_view kind,
                   std::string_view help, std::uint64_t value) {
  const std::string full = "weir_" + std::string(name);
  out += "# HELP " + full + " " + std::string(help) + "\n";
  out += "# TYPE " + full + " " + std::string(kind) + "\n";
  out += full + " " + std::to_string(value) + "\n";
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

Reply metrics_reply(const relay::Figures& figures, const UpstreamFigures& upstream,
                    std::size_t connections) {
  std::string text;
  append_metric(text, "answers", "gauge", "Answers kept, running or ended.", figures.answers);
  append_metric(text, "answers_running", "gauge", "Answers that are not ended.", figures.running);
  append_metric(text, "answers_queued", "gauge", "Of these, answers that wait for their turn.",
                figures.queued);
  append_metric(text, "readers", "gauge", "Readers of answers.", figures.readers);
  append_metric(text, "log_bytes", "gauge", "Memory of the answers' logs.", figures.log_bytes);
  append_metric(text, "runs_started_total", "counter", "Provider calls since the start.",
                figures.runs_started);
  append_metric(text, "upstream_connections_opened_total", "counter",
                "Connections to providers opened since the start.", upstream.opened);
  append_metric(text, "upstream_connections_reused_total", "counter",
                "Provider calls over a kept connection since the start.", upstream.reused);
  append_metric(text, "upstream_connections_idle", "gauge",
                "Connections to providers kept for the next call.", upstream.idle);
  append_metric(text, "connections", "gauge", "Open client connections.", connections);
  Reply reply = text_reply(std::move(text));
  reply.headers[0].second = "text/plain; version=0.0.4; charset=utf-8";
  return reply;
}

Reply ready_reply(std::string_view why_not) {
  if (why_not.empty()) return text_reply("ready\n");
  Reply reply = text_reply(std::string(why_not) + "\n");
  reply.status = 503;
  return reply;
}

}  // namespace weir::edge
