#include "weir/provider/conversation.hpp"

#include "weir/json/json.hpp"
#include "weir/provider/tools.hpp"

namespace weir::provider {
namespace {

/// Stands before an assistant's words that nobody asked for: a chat may begin with a greeting.
constexpr std::string_view opening = "Hello.";

void append_paragraph(std::string& out, std::string_view text) {
  if (!out.empty()) out += "\n\n";
  out += text;
}

/// The turn of this side that goes on, or a new one.
Conversation::Turn& turn_of(std::vector<Conversation::Turn>& turns, bool user) {
  if (turns.empty() && !user) turns.push_back({true, std::string(opening), {}, {}});
  if (turns.empty() || turns.back().user != user) turns.push_back({user, "", {}, {}});
  return turns.back();
}

void append_text(std::vector<Conversation::Turn>& turns, bool user, std::string_view text) {
  if (!text.empty()) append_paragraph(turn_of(turns, user).text, text);
}

/// What is allowed in an id of Anthropic (`^[a-zA-Z0-9_-]+$`) and Bedrock: others have other ids,
/// and a conversation may go on with another model.
std::string plain_id(std::string_view id) {
  std::string out(id);
  for (char& c : out) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && (c < '0' || c > '9') && c != '_' && c != '-') c = '_';
  }
  return out;
}

void append_calls(std::vector<Conversation::Turn>& turns, const prompt::Message& message) {
  if (message.tool_calls.empty()) return;
  Conversation::Turn& turn = turn_of(turns, false);
  for (const prompt::ToolCall& call : message.tool_calls) {
    turn.calls.push_back({plain_id(call.id), call.name, call.arguments});
  }
}

/// The name of the tool that was called under this id, in the last of `count` messages that says
/// so.
std::string_view called_tool(const std::vector<prompt::Message>& messages, std::size_t count,
                             std::string_view id) {
  while (count-- > 0) {
    for (const prompt::ToolCall& call : messages[count].tool_calls) {
      if (call.id == id) return call.name;
    }
  }
  return {};
}

// -- as OpenAI takes them

void append_role(std::string& out, std::string_view role) {
  if (out.back() != '[') out += ',';
  out.append("{\"role\":\"").append(role).append("\"");
}

void append_text_member(std::string& out, std::string_view name, std::string_view text) {
  out.append(",\"").append(name).append("\":");
  json::append_string(out, text);
}

void append_call(std::string& out, const prompt::ToolCall& call, bool as_object) {
  out += R"({"type":"function")";
  append_text_member(out, "id", call.id);
  out += ",\"function\":{\"name\":";
  json::append_string(out, call.name);
  if (as_object) {
    append_arguments(out += ",\"arguments\":", call.arguments);
  } else {
    append_text_member(out, "arguments", call.arguments);
  }
  out += "}}";
}

void append_tool_calls(std::string& out, const std::vector<prompt::ToolCall>& calls,
                       bool as_objects) {
  if (calls.empty()) return;
  out += ",\"tool_calls\":[";
  for (const prompt::ToolCall& call : calls) {
    if (&call != &calls.front()) out += ',';
    append_call(out, call, as_objects);
  }
  out += ']';
}

/// Enough for nearly every prompt with what stands around it: escapes of line ends and quotes take
/// little room.
std::size_t expected_bytes(const std::vector<prompt::Message>& messages) {
  constexpr std::size_t around = 300;
  constexpr std::size_t around_message = 40;
  std::size_t bytes = around;
  for (const prompt::Message& message : messages) {
    bytes += around_message + message.content.size() + message.content.size() / 16;
  }
  return bytes;
}

}  // namespace

Conversation conversation_of(const prompt::Prompt& prompt, std::string_view prefix) {
  Conversation out;
  for (std::size_t i = 0; i < prompt.messages.size(); ++i) {
    const prompt::Message& message = prompt.messages[i];
    switch (message.role) {
      case prompt::Role::system:
        append_paragraph(out.system, message.content);
        break;
      case prompt::Role::user:
        append_text(out.turns, true, message.content);
        break;
      case prompt::Role::assistant:
        append_text(out.turns, false, message.content);
        append_calls(out.turns, message);
        break;
      case prompt::Role::tool:
        turn_of(out.turns, true)
            .results.push_back({plain_id(message.tool_call_id),
                                std::string(called_tool(prompt.messages, i, message.tool_call_id)),
                                message.content});
        break;
    }
  }
  append_text(out.turns, false, prefix);
  return out;
}

void append_messages(std::string& out, const std::vector<prompt::Message>& messages,
                     std::string_view prefix, const MessageDialect& dialect) {
  out.reserve(out.size() + expected_bytes(messages) + prefix.size());
  out += '[';
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const prompt::Message& message = messages[i];
    append_role(out, prompt::name(message.role));
    append_text_member(out, "content", message.content);
    append_tool_calls(out, message.tool_calls, dialect.calls_hold_objects);
    if (message.role == prompt::Role::tool) {
      append_text_member(out, "tool_call_id", message.tool_call_id);
      if (dialect.calls_hold_objects) {
        append_text_member(out, "tool_name", called_tool(messages, i, message.tool_call_id));
      }
    }
    out += '}';
  }
  if (!prefix.empty()) {
    append_role(out, "assistant");
    append_text_member(out, "content", prefix);
    out.append(dialect.prefix_mark).append("}");
  }
  out += ']';
}

}  // namespace weir::provider
