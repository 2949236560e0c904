#include "weir/provider/conversation.hpp"

#include "weir/json/json.hpp"

namespace weir::provider {
namespace {

/// Stands before an assistant's words that nobody asked for: a chat may begin with a greeting.
constexpr std::string_view opening = "Hello.";

void append_paragraph(std::string& out, std::string_view text) {
  if (!out.empty()) out += "\n\n";
  out += text;
}

void append_turn(std::vector<Conversation::Turn>& turns, bool user, std::string_view text) {
  if (text.empty()) return;
  if (turns.empty() && !user) turns.push_back({true, std::string(opening)});
  if (turns.empty() || turns.back().user != user) turns.push_back({user, ""});
  append_paragraph(turns.back().text, text);
}

void append_message(std::string& out, std::string_view role, std::string_view content,
                    std::string_view mark) {
  if (out.back() != '[') out += ',';
  out.append("{\"role\":\"").append(role).append("\",\"content\":");
  json::append_string(out, content);
  out.append(mark).append("}");
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
  for (const prompt::Message& message : prompt.messages) {
    if (message.role == prompt::Role::system) {
      append_paragraph(out.system, message.content);
    } else {
      append_turn(out.turns, message.role == prompt::Role::user, message.content);
    }
  }
  append_turn(out.turns, false, prefix);
  return out;
}

void append_messages(std::string& out, const std::vector<prompt::Message>& messages,
                     std::string_view prefix, std::string_view prefix_mark) {
  out.reserve(out.size() + expected_bytes(messages) + prefix.size());
  out += '[';
  for (const prompt::Message& message : messages) {
    append_message(out, prompt::name(message.role), message.content, {});
  }
  if (!prefix.empty()) append_message(out, "assistant", prefix, prefix_mark);
  out += ']';
}

}  // namespace weir::provider
