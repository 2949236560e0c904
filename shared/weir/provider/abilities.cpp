#include "weir/provider/abilities.hpp"

#include <string>
#include <string_view>

namespace weir::provider {
namespace {

using Mode = prompt::ToolChoice::Mode;
using Format = prompt::Generation::Format;

/// What not every provider can do. The sources are those of the codecs.
struct Abilities {
  bool penalties = true;       ///< frequency_penalty, presence_penalty
  bool json_object = true;     ///< JSON without a schema
  bool json_schema = true;     ///< JSON by a schema
  bool tools = true;           ///< tools
  bool requires_tools = true;  ///< tool_choice: required
  bool names_tools = true;     ///< tool_choice: a function
};

constexpr Abilities everything{};

constexpr Abilities abilities_of(Provider::Kind kind) {
  Abilities can = everything;
  switch (kind) {
    case Provider::Kind::anthropic:
    case Provider::Kind::bedrock:
      can.penalties = can.json_object = false;
      break;
    case Provider::Kind::ollama:
      can.requires_tools = can.names_tools = false;
      break;
    case Provider::Kind::dashscope:
      can.requires_tools = false;
      break;
    case Provider::Kind::extract:  // its words are those of the passages
      can.json_object = can.json_schema = can.tools = false;
      break;
    case Provider::Kind::openai:
    case Provider::Kind::google:
    case Provider::Kind::azure:
    case Provider::Kind::openrouter:
      break;
  }
  return can;
}

/// The member of the request that goes beyond; empty: none does.
std::string_view beyond(const Abilities& can, const prompt::ChatRequest& request) {
  const prompt::Generation& generation = request.generation;
  const Mode mode = request.tool_choice.mode;
  if (!can.penalties && !generation.frequency_penalty.empty()) return "frequency_penalty";
  if (!can.penalties && !generation.presence_penalty.empty()) return "presence_penalty";
  if (!can.json_object && generation.format == Format::json_object) return "response_format";
  if (!can.json_schema && generation.format == Format::json_schema) return "response_format";
  if (!can.tools && !request.tools.empty()) return "tools";
  if (!can.requires_tools && mode == Mode::required) return "tool_choice";
  if (!can.names_tools && mode == Mode::named) return "tool_choice";
  return {};
}

}  // namespace

Result<void> check_abilities(const Provider& provider, const prompt::ChatRequest& request) {
  const std::string_view member = beyond(abilities_of(provider.kind), request);
  if (member.empty()) return {};
  return Error{ErrorCode::invalid_request,
               provider.name + " cannot do what " + std::string(member) + " asks for.",
               "Leave it out, or choose another provider."};
}

}  // namespace weir::provider
