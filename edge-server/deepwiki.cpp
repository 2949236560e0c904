#include "deepwiki.hpp"

#include <ctime>
#include <utility>

#include "operations.hpp"
#include "weir/prompt/instructions.hpp"

namespace weir::edge {
namespace {

json::Value models_of(const provider::Provider& provider) {
  json::Value models = json::Value::array();
  for (const std::string_view id : model_ids(provider))
    models.push_back({{"id", id}, {"name", id}});
  return models;
}

std::string with_capital(std::string name) {
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  }
  return name;
}

std::string iso_time(std::int64_t unix_seconds) {
  constexpr std::size_t bytes = sizeof "2026-01-02T03:04:05Z";
  const auto time = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[bytes];
  return {text, std::strftime(text, bytes, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

Reply model_choice_reply(const provider::Catalog& catalog) {
  json::Value providers = json::Value::array();
  for (const provider::Provider& provider : catalog.providers) {
    providers.push_back(
        {{"id", provider.name},
         {"name", with_capital(provider.name)},
         {"supportsCustomModel", provider.kind != provider::Provider::Kind::extract},
         {"models", models_of(provider)}});
  }
  const std::string first = catalog.providers.empty() ? "" : catalog.providers.front().name;
  return json_reply({{"providers", std::move(providers)}, {"defaultProvider", first}});
}

Reply languages_reply() {
  json::Value names = json::Value::object();
  for (const auto& [code, language] : prompt::languages) names[std::string(code)] = language;
  return json_reply({{"default", "en"}, {"supported_languages", std::move(names)}});
}

Reply sign_in_reply(bool required) {
  return json_reply({{"auth_required", required}});
}

Reply sign_in_code_reply(bool right, std::string_view cookie) {
  Reply reply = json_reply({{"success", right}});
  if (right && !cookie.empty()) reply.headers.emplace_back("Set-Cookie", cookie);
  return reply;
}

std::string sign_in_code(std::string_view body) {
  constexpr std::size_t depth_most = 4;
  const Result<json::Value> value = json::parse(body, depth_most);
  return value ? json::string_or(*value, "code") : "";
}

Reply health_reply(std::int64_t unix_seconds) {
  return json_reply(
      {{"status", "healthy"}, {"timestamp", iso_time(unix_seconds)}, {"service", "weir-edge"}});
}

}  // namespace weir::edge
