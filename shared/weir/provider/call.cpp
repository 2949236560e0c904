#include "weir/provider/call.hpp"

#include <algorithm>
#include <utility>

#include "weir/json/json.hpp"

namespace weir::provider {

const std::string& key_of(const Provider& provider, const Attempt& attempt) {
  const auto& more = provider.more_keys;
  return attempt.key == 0 || attempt.key > more.size() ? provider.api_key : more[attempt.key - 1];
}

std::string Call::answer_tokens() const {
  const auto& wanted = generation().answer_tokens;
  if (!model.known) return wanted ? std::to_string(*wanted) : "";
  const std::uint32_t most = model.budget.answer_tokens;
  return std::to_string(std::min(wanted.value_or(most), most));
}

const std::string& Call::temperature() const {
  return generation().temperature.empty() ? model.temperature : generation().temperature;
}

const std::string& Call::top_p() const {
  return generation().top_p.empty() ? model.top_p : generation().top_p;
}

bool Call::thinks() const {
  return model.reasoning_model && attempt.prefix.empty() && !prompt.tool_choice.forces_a_call() &&
         generation().reasoning_effort != "none";
}

ErrorContext error_context(const Call& call, Hints hints) {
  ErrorContext context;
  context.provider = call.provider.name;
  context.model = call.model.id;
  context.api_key = call.key();
  context.question = call.prompt.question;
  context.hints = std::move(hints);
  return context;
}

void append_setting(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(",\"").append(name).append("\":").append(value);
}

void append_text_setting(std::string& out, std::string_view name, std::string_view text) {
  out.append(",\"").append(name).append("\":");
  json::append_string(out, text);
}

void append_text_settings(std::string& out, std::string_view name,
                          const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  out.append(",\"").append(name).append("\":[");
  for (const std::string& text : texts) {
    if (&text != &texts.front()) out += ',';
    json::append_string(out, text);
  }
  out += ']';
}

void append_generation(std::string& out, const prompt::Generation& generation) {
  append_setting(out, "frequency_penalty", generation.frequency_penalty);
  append_setting(out, "presence_penalty", generation.presence_penalty);
  append_setting(out, "seed", generation.seed);
  append_text_settings(out, "stop", generation.stop);
}

void append_response_format(std::string& out, const prompt::Generation& generation) {
  using Format = prompt::Generation::Format;
  if (generation.format == Format::text) return;
  if (generation.format == Format::json_object) {
    return append_setting(out, "response_format", R"({"type":"json_object"})");
  }
  out += R"(,"response_format":{"type":"json_schema","json_schema":{"name":)";
  json::append_string(out, generation.format_name);
  append_setting(out, "schema", generation.format_schema);
  if (generation.format_strict) append_setting(out, "strict", "true");
  out += "}}";
}

}  // namespace weir::provider
