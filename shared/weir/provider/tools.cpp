#include "weir/provider/tools.hpp"

#include "weir/json/json.hpp"

namespace weir::provider {
namespace {

constexpr std::string_view no_parameters = R"({"type":"object","properties":{}})";

/// Nothing for the choice that every server makes by itself.
std::string choice_of(const prompt::ToolChoice& choice) {
  switch (choice.mode) {
    case prompt::ToolChoice::Mode::automatic:
      return "";
    case prompt::ToolChoice::Mode::none:
      return "\"none\"";
    case prompt::ToolChoice::Mode::required:
      return "\"required\"";
    case prompt::ToolChoice::Mode::named:
      break;
  }
  std::string out = R"({"type":"function","function":{"name":)";
  json::append_string(out, choice.name);
  return out + "}}";
}

}  // namespace

void append_tools(std::string& out, const std::vector<prompt::Tool>& tools) {
  if (tools.empty()) return;
  out += ",\"tools\":[";
  for (const prompt::Tool& tool : tools) {
    if (&tool != &tools.front()) out += ',';
    out += R"({"type":"function","function":{)";
    append_tool_members(out, tool, "parameters");
    if (tool.strict) out += ",\"strict\":true";
    out += "}}";
  }
  out += ']';
}

void append_tool_choice(std::string& out, const prompt::Prompt& prompt) {
  if (prompt.tools.empty()) return;
  const std::string choice = choice_of(prompt.tool_choice);
  if (!choice.empty()) out.append(",\"tool_choice\":").append(choice);
  if (!prompt.tool_choice.parallel) out += ",\"parallel_tool_calls\":false";
}

void append_tool_members(std::string& out, const prompt::Tool& tool, std::string_view parameters) {
  out += "\"name\":";
  json::append_string(out, tool.name);
  if (!tool.description.empty()) {
    out += ",\"description\":";
    json::append_string(out, tool.description);
  }
  out.append(",\"").append(parameters).append("\":").append(schema_of(tool));
}

std::string_view schema_of(const prompt::Tool& tool) {
  return tool.parameters.empty() ? no_parameters : std::string_view(tool.parameters);
}

void append_arguments(std::string& out, std::string_view arguments) {
  const auto value = json::parse(arguments);
  out += value && value->is_object() ? arguments : std::string_view("{}");
}

}  // namespace weir::provider
