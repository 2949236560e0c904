#include "weir/relay/openai_face.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "weir/wire/completion.hpp"

namespace weir::relay {
namespace {

bool lists(const provider::Provider& provider, std::string_view model) {
  return model == provider.default_model ||
         std::any_of(provider.models.begin(), provider.models.end(),
                     [&](const provider::Model& each) { return each.id == model; });
}

}  // namespace

void choose_by_model(std::string& provider, std::string& model, const provider::Catalog& catalog) {
  if (!provider.empty()) return;
  for (const provider::Provider& each : catalog.providers) {
    if (!lists(each, model)) continue;
    provider = each.name;
    return;
  }
  const std::size_t slash = model.find('/');
  if (slash == model.npos) return;
  for (const provider::Provider& each : catalog.providers) {
    if (each.name != std::string_view(model).substr(0, slash)) continue;
    provider = each.name;
    model.erase(0, slash + 1);
    return;
  }
}

HttpHead failed_head(const stream::Failed& failed) {
  HttpHead head;
  head.status = wire::completion_status(failed.error.code);
  head.content_type = "application/json";
  head.body = wire::write_completion_error(failed);
  head.final = !failed.retryable;
  if (failed.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*failed.retry_after).count();
    head.retry_after_seconds = static_cast<std::uint32_t>(seconds);
  }
  return head;
}

}  // namespace weir::relay
