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

void append_messages(std::string& out, const std::vector<prompt::Message>& messages) {
  out += '[';
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (i > 0) out += ',';
    out += "{\"role\":\"";
    out += prompt::name(messages[i].role);
    out += "\",\"content\":";
    json::append_string(out, messages[i].content);
    out += '}';
  }
  out += ']';
}

}  // namespace weir::provider
