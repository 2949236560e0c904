#include "weir/prompt/builder.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "weir/prompt/instructions.hpp"
#include "weir/prompt/research_signal.hpp"
#include "weir/prompt/sources.hpp"

namespace weir::prompt {
namespace {

/// What the chat format adds to the texts: each message is wrapped in <|start|>, the role and
/// <|message|> ... <|end|>, and the reply is primed with <|start|>assistant<|message|>
/// (OpenAI cookbook, "How to count tokens with tiktoken", num_tokens_from_messages). The role
/// itself is counted as text.
constexpr std::size_t tokens_per_message = 3;
constexpr std::size_t tokens_for_reply = 3;
/// How a provider shows its model tools and their calls is not public: their texts are counted, and
/// this for what stands around each.
constexpr std::size_t tokens_per_tool = 8;

/// Begins the question where there are none; as in sources.cpp, no token spans its end.
constexpr std::string_view no_passages = "No passages of the repository are at hand.\n";

/// The words are those of a turn before, and so perhaps of a passage: they stand in the user's
/// message, never among the instructions.
void append_queries(std::string& out, const std::vector<std::string>& queries) {
  out += "Looked up for this turn:\n";
  for (const std::string& query : queries) out.append("- ").append(query).append("\n");
}

std::string question_text(const ChatRequest& request) {
  if (request.is_plain()) return request.question();
  std::string out;
  if (request.research && !request.research->queries.empty()) {
    append_queries(out, request.research->queries);
  }
  if (!request.file_path.empty()) {
    out.append("The question is about the file ").append(request.file_path).append("\n");
  }
  out += "Question:\n";
  out += request.question();
  return out;
}

std::vector<Passage> take_context(ChatRequest& request) {
  return request.context ? std::exchange(*request.context, {}) : std::vector<Passage>();
}

/// A question and what followed it: history is left out in these steps, so that no answer loses
/// its question.
struct Turn {
  std::vector<Message> messages;
  std::size_t tokens = 0;
};

class Builder {
 public:
  Builder(ChatRequest&& request, const tokens::Encoding& encoding, OwnTextCounts* counts)
      : request_(std::move(request)),
        encoding_(encoding),
        counts_(counts),
        question_(question_text(request_)),
        sources_(request_.question(), std::move(request_.file), take_context(request_)) {
    fixed_tokens_ = tokens_for_reply + message_tokens(Role::user, "");
    if (!request_.is_plain()) instruct();
    for (const Tool& tool : request_.tools) fixed_tokens_ += tool_tokens(tool);
    split_history();
  }

  Result<Prompt> build(const Budget& budget) {
    const std::size_t room = budget.context_tokens > budget.answer_tokens
                                 ? budget.context_tokens - budget.answer_tokens
                                 : 0;
    total_ = fixed_tokens_ + count_own(no_passages_) + encoding_.count(question_);
    if (total_ > room) return too_long(total_, room);
    choose_turns(room - total_);
    choose_sources(room);
    return assemble();
  }

 private:
  void instruct() {
    first_.push_back({Role::system, instructions(request_)});
    fixed_tokens_ += message_tokens(Role::system, "") + count_own(first_.front().content);
    no_passages_ = no_passages;
  }

  /// The asker's own system messages stay with ours, and what tools were called for the question
  /// stays with it; the rest is history.
  void split_history() {
    const std::size_t question_at = request_.question_at();
    for (std::size_t i = 0; i < request_.messages.size(); ++i) {
      if (i == question_at) continue;
      Message& message = request_.messages[i];
      const std::size_t tokens = message_tokens(message);
      if (message.role == Role::system || i > question_at) {
        (message.role == Role::system ? first_ : last_).push_back(std::move(message));
        fixed_tokens_ += tokens;
        continue;
      }
      if (message.role == Role::user || turns_.empty()) turns_.emplace_back();
      turns_.back().messages.push_back(std::move(message));
      turns_.back().tokens += tokens;
    }
  }

  std::size_t message_tokens(Role role, std::string_view content) const {
    return tokens_per_message + count_own(name(role)) + encoding_.count(content);
  }

  std::size_t message_tokens(const Message& message) const {
    std::size_t tokens = message_tokens(message.role, message.content);
    for (const ToolCall& call : message.tool_calls) {
      tokens += tokens_per_tool + encoding_.count(call.name) + encoding_.count(call.arguments);
    }
    return tokens;
  }

  std::size_t tool_tokens(const Tool& tool) const {
    return tokens_per_tool + encoding_.count(tool.name) + encoding_.count(tool.description) +
           encoding_.count(tool.parameters);
  }

  std::size_t count_own(std::string_view text) const {
    return counts_ ? counts_->count(text, encoding_) : encoding_.count(text);
  }

  static Error too_long(std::size_t needed, std::size_t room) {
    return {ErrorCode::context_too_long,
            "The question and its instructions need " + std::to_string(needed) +
                " tokens; the model has room for " + std::to_string(room) + ".",
            "Shorten the question, or choose a model with a larger context."};
  }

  /// The newest turns that fit.
  void choose_turns(std::size_t room) {
    first_turn_ = turns_.size();
    while (first_turn_ > 0 && turns_[first_turn_ - 1].tokens <= room) {
      const std::size_t tokens = turns_[--first_turn_].tokens;
      room -= tokens;
      fixed_tokens_ += tokens;
      total_ += tokens;
    }
  }

  /// By the sum of the pieces; then the message itself is counted, so that the promise does not
  /// rest on the argument about pieces in sources.cpp.
  void choose_sources(std::size_t room) {
    const std::size_t taken = fixed_tokens_ + encoding_.count(question_);
    sources_.choose(room > taken ? room - taken : 0, encoding_);
    if (sources_.empty()) return;
    do {
      total_ = fixed_tokens_ + encoding_.count(question_content());
    } while (total_ > room && sources_.choose_less());
  }

  std::string question_content() const {
    std::string out = sources_.empty() ? std::string(no_passages_) : sources_.text();
    return out += question_;
  }

  Prompt assemble() {
    Prompt out;
    out.tokens = static_cast<std::uint32_t>(total_);
    out.question = request_.question();
    out.tools = std::move(request_.tools);
    out.tool_choice = std::move(request_.tool_choice);
    out.generation = std::move(request_.generation);
    out.messages = std::move(first_);
    for (std::size_t i = 0; i < turns_.size(); ++i) {
      if (i < first_turn_) {
        out.dropped_messages += static_cast<std::uint32_t>(turns_[i].messages.size());
        continue;
      }
      for (Message& message : turns_[i].messages) out.messages.push_back(std::move(message));
    }
    out.messages.push_back({Role::user, question_content()});
    for (Message& message : last_) out.messages.push_back(std::move(message));
    out.passages = sources_.kept();
    out.dropped = sources_.dropped();
    return out;
  }

  ChatRequest request_;
  const tokens::Encoding& encoding_;
  OwnTextCounts* counts_;
  std::string question_;
  std::string_view no_passages_;  ///< what is said where there are none
  std::vector<Message> first_;
  std::vector<Message> last_;  ///< behind the question
  Sources sources_;
  std::vector<Turn> turns_;

  std::size_t first_turn_ = 0;    ///< turns before it are left out
  std::size_t fixed_tokens_ = 0;  ///< all that is chosen, but the question's message's content
  std::size_t total_ = 0;         ///< with it
};

/// A turn of research that another follows says by a tool how to go on.
void offer_tools(ChatRequest& request) {
  if (!request.research || request.research->stage == ResearchStage::conclusion) return;
  request.tools.push_back({std::string(research_tool), std::string(research_tool_description),
                           std::string(research_tool_schema)});
}

}  // namespace

Result<Prompt> build_prompt(ChatRequest request, const Budget& budget,
                            const tokens::Encoding& encoding, OwnTextCounts* counts) {
  if (budget.tools) offer_tools(request);
  return Builder(std::move(request), encoding, counts).build(budget);
}

std::size_t OwnTextCounts::count(std::string_view text, const tokens::Encoding& encoding) {
  for (const Counted& known : counted_) {
    if (known.encoding == encoding.name() && known.text == text) return known.tokens;
  }
  counted_.push_back({encoding.name(), std::string(text), encoding.count(text)});
  return counted_.back().tokens;
}

}  // namespace weir::prompt
