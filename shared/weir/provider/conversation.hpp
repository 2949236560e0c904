#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/prompt/builder.hpp"

namespace weir::provider {

/// A prompt as those providers take it that keep the system's words apart and want the user and the
/// assistant to take turns, the user first: Gemini, Anthropic, Bedrock.
struct Conversation {
  struct Turn {
    bool user = true;
    std::string text;
  };
  std::string system;
  std::vector<Turn> turns;
};

/// `prefix`: the beginning of the answer, behind which the model goes on; may be empty. Messages of
/// one side that follow each other become one turn. Turns without text, which these providers
/// refuse, are left out.
Conversation conversation_of(const prompt::Prompt& prompt, std::string_view prefix);

/// The messages as OpenAI and many others take them, each with its role:
/// [{"role":"system","content":"..."},...]. A `prefix`, if there is one, is the last, with what
/// `prefix_mark` (`,"name":value`) says of it.
void append_messages(std::string& out, const std::vector<prompt::Message>& messages,
                     std::string_view prefix, std::string_view prefix_mark = {});

}  // namespace weir::provider
