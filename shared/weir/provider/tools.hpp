#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/prompt/builder.hpp"

/// Tools as they are offered to models; each provider's own form is in its codec.
namespace weir::provider {

/// Appends `,"tools":[...]` as OpenAI and many others take them, where there are any
/// (https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools).
void append_tools(std::string& out, const std::vector<prompt::Tool>& tools);
/// Appends `,"tool_choice":...` and `,"parallel_tool_calls":false`, as far as they say more than
/// their absence.
void append_tool_choice(std::string& out, const prompt::Prompt& prompt);

/// Appends a tool's name, its description where it has one, and its parameters under the name that
/// the provider has for them: `"name":...,"description":...,"input_schema":{...}`.
void append_tool_members(std::string& out, const prompt::Tool& tool, std::string_view parameters);

/// The JSON Schema of a tool's parameters; it is an object's in any case.
std::string_view schema_of(const prompt::Tool& tool);

/// Appends a call's arguments as an object. What is none, as a model may have written, is left out.
void append_arguments(std::string& out, std::string_view arguments);

}  // namespace weir::provider
