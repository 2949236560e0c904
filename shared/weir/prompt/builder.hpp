#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/prompt/request.hpp"
#include "weir/stream/event.hpp"
#include "weir/tokens/encoding.hpp"

namespace weir::prompt {

/// What a model allows; sizes are in tokens.
struct Budget {
  std::uint32_t context_tokens = 128'000;  ///< prompt and answer together
  std::uint32_t answer_tokens = 4'096;     ///< kept free for the answer
  bool tools = false;                      ///< it can call tools, so that ours are offered
};

/// A prompt ready for a provider's codec, with an account of what it holds.
struct Prompt {
  /// System first, the question last but for what tools were called for it.
  std::vector<Message> messages;
  std::vector<Tool> tools;
  ToolChoice tool_choice;
  Generation generation;
  std::uint32_t tokens = 0;  ///< of all messages and tools with the chat format's overhead
  /// What found room of the file and the passages, grouped by file: passage i is cited as [i + 1].
  std::vector<Passage> passages;
  std::vector<stream::DroppedPassage> dropped;
  std::uint32_t dropped_messages = 0;  ///< oldest messages of the history left out
  std::string question;
};

/// Remembers how many tokens our own texts are that stand in every prompt: the instructions, as
/// many as there are languages, and a few short ones. For whoever builds many prompts, on one
/// thread.
class OwnTextCounts {
 public:
  std::size_t count(std::string_view text, const tokens::Encoding& encoding);

 private:
  struct Counted {
    tokens::EncodingName encoding;
    std::string text;
    std::size_t tokens;
  };
  std::vector<Counted> counted_;
};

/// Assembles system prompt, history, file, passages and question within the budget by exact counts.
/// Where they do not fit, passages go from the lowest rank up, then the file's last lines, then
/// history from the oldest pair;
/// where the question alone does not fit, the error is `context_too_long` with both counts.
/// Of a plain request the prompt is its messages, without a word of ours.
/// Deterministic: the page's token meter and the edge get the same prompt from the same request.
Result<Prompt> build_prompt(ChatRequest request, const Budget& budget,
                            const tokens::Encoding& encoding, OwnTextCounts* counts = nullptr);

}  // namespace weir::prompt
