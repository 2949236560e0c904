#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/prompt/builder.hpp"

namespace weir::provider {

/// A prompt as those providers take it that keep the system's words apart and want the user and the
/// assistant to take turns, the user first: Gemini, Anthropic, Bedrock.
struct Conversation {
  /// What a tool gave back.
  struct Result {
    std::string id;    ///< of the call
    std::string name;  ///< of the tool
    std::string text;
  };
  /// Results stand before the text, calls behind it.
  struct Turn {
    bool user = true;
    std::string text;
    std::vector<prompt::ToolCall> calls;  ///< the assistant's
    std::vector<Result> results;          ///< on the user's side
  };
  std::string system;
  std::vector<Turn> turns;
};

/// `prefix`: the beginning of the answer, behind which the model goes on; may be empty. Messages of
/// one side that follow each other become one turn. Turns without anything, which these providers
/// refuse, are left out. The ids of calls become such as all of them take: letters, digits, `_` and
/// `-`.
Conversation conversation_of(const prompt::Prompt& prompt, std::string_view prefix);

/// What differs between those who take messages as OpenAI does.
struct MessageDialect {
  /// What the message that is to be continued says of itself: `,"name":value`.
  std::string_view prefix_mark = {};
  /// A call's arguments are an object, not its text, and a result names its tool: Ollama.
  bool calls_hold_objects = false;
};

/// The messages as OpenAI and many others take them, each with its role:
/// [{"role":"system","content":"..."},...]. A `prefix`, if there is one, is the last.
void append_messages(std::string& out, const std::vector<prompt::Message>& messages,
                     std::string_view prefix, const MessageDialect& dialect = {});

}  // namespace weir::provider
