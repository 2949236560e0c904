#include "weir/provider/azure.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "weir/provider/openai.hpp"
#include "weir/provider/url.hpp"

namespace weir::provider {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// The newer interface has no versions and takes the deployment's name in the body
/// (https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle).
bool without_versions(const Provider& azure) {
  return ends_with(azure.base_url, "/openai/v1");
}

// -- which variable looks wrong

bool looks_like_endpoint(std::string_view url) {
  return url.substr(0, 8) == "https://" &&
         (contains(url, ".azure.com") || contains(url, ".azure-api.net") ||
          contains(url, ".azure.us") || contains(url, ".azure.cn"));
}

/// "2024-10-21", "2025-04-01-preview".
bool looks_like_version(std::string_view version) {
  constexpr std::string_view form = "dddd-dd-dd";
  if (version.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = version[i] >= '0' && version[i] <= '9';
    if (form[i] == 'd' ? !digit : version[i] != form[i]) return false;
  }
  const std::string_view rest = version.substr(form.size());
  return rest.empty() || rest == "-preview";
}

/// Keys have 32 or 84 letters and digits; one with "sk-" is OpenAI's own.
bool looks_like_key(std::string_view key) {
  return key.size() >= 32 && key.substr(0, 3) != "sk-" && !contains(key, " ");
}

std::string key_hint(const Call& call) {
  std::string hint =
      "AZURE_OPENAI_API_KEY, AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_VERSION must belong together. ";
  if (!looks_like_endpoint(call.provider.base_url)) {
    return hint + "AZURE_OPENAI_ENDPOINT looks wrong: it is like https://NAME.openai.azure.com.";
  }
  if (!without_versions(call.provider) && !looks_like_version(call.provider.api_version)) {
    return hint + "AZURE_OPENAI_VERSION looks wrong: it is a date like 2024-10-21.";
  }
  if (!looks_like_key(call.key())) {
    return hint +
           "AZURE_OPENAI_API_KEY looks wrong: it is one of the two under \"Keys and "
           "Endpoint\" of the resource.";
  }
  return hint + "Each looks right by itself: most likely the key is another resource's.";
}

// -- errors, where they are not OpenAI's
// (https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter)

std::optional<Cause> cause_of(const ErrorReport& report) {
  if (report.code == "DeploymentNotFound") return Cause::model_missing;
  if (report.code == "content_filter" || report.details == "ResponsibleAIPolicyViolation") {
    return Cause::blocked;
  }
  // A wrong endpoint or version: {"code":"404","message":"Resource not found"}.
  if (report.status == 404 && contains(report.message, "Resource not found")) {
    return Cause::not_found;
  }
  return std::nullopt;
}

}  // namespace

/// As openai-node's AzureOpenAI asks (src/azure.ts).
std::string azure_path(const Provider& azure, std::string_view deployment, std::string_view path) {
  if (without_versions(azure)) return std::string(path);
  return "/openai/deployments/" + percent_encode(deployment) + std::string(path) +
         "?api-version=" + percent_encode(azure.api_version);
}

/// Models that do not reason take `max_tokens` in every version, those that do take
/// `max_completion_tokens` only
/// (https://learn.microsoft.com/azure/ai-foundry/openai/how-to/reasoning).
HttpRequest azure_request(const Call& call) {
  OpenAiDialect dialect;
  if (!call.model.reasoning_model) dialect.output_limit = "max_tokens";
  HttpRequest request =
      openai_request(call, azure_path(call.provider, call.model.id, "/chat/completions"),
                     openai_body(call, dialect));
  for (Header& header : request.headers) {
    if (header.name == "authorization") header = {"api-key", call.key()};
  }
  return request;
}

std::unique_ptr<StreamCodec> azure_codec(const Call& call) {
  Hints hints;
  hints.key = key_hint(call);
  hints.address = hints.key;
  hints.model =
      "Deploy the model under this name at the resource of AZURE_OPENAI_ENDPOINT, or ask "
      "for a deployment that it has.";
  ErrorContext context = error_context(call, std::move(hints));
  context.own_cause = cause_of;
  return openai_codec(std::move(context), call.limits);
}

}  // namespace weir::provider
