#include "weir/prompt/builder.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "weir/base/hash.hpp"
#include "weir/prompt/instructions.hpp"

namespace weir::prompt {
namespace {

/// What the chat format adds to the texts: each message is wrapped in <|start|>, the role and
/// <|message|> ... <|end|>, and the reply is primed with <|start|>assistant<|message|>
/// (OpenAI cookbook, "How to count tokens with tiktoken", num_tokens_from_messages). The role
/// itself is counted as text.
constexpr std::size_t tokens_per_message = 3;
constexpr std::size_t tokens_for_reply = 3;

constexpr std::string_view no_room = "no room in the model's context";
/// Begins the last message where there are none; as at passage_text(), no token spans its end.
constexpr std::string_view no_passages = "No passages of the repository are at hand.\n";

std::string hex(std::uint64_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (int shift = 28; shift >= 0; shift -= 4) out += digits[(value >> shift) & 15];
  return out;
}

bool occurs_in(std::string_view tag, const std::vector<Passage>& passages) {
  for (const Passage& passage : passages) {
    if (passage.text.find(tag) != std::string::npos ||
        passage.path.find(tag) != std::string::npos) {
      return true;
    }
  }
  return false;
}

/// A word that stands in no passage, so that none can close its own delimiters or open others. It
/// depends on the question and on every passage: who writes a file cannot foresee it.
std::string fence_tag(const std::string& question, const std::vector<Passage>& passages) {
  std::uint64_t hash = fnv1a(question);
  for (const Passage& passage : passages) hash = fnv1a(passage.text, fnv1a(passage.path, hash));
  std::string tag = hex(hash);
  while (occurs_in(tag, passages)) {
    hash = fnv1a(tag, hash);
    tag = hex(hash);
  }
  return tag;
}

/// Paths may come from archives and file systems where any byte goes: the header stays one line.
void append_one_line(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
}

/// Every piece of the last message ends with a line feed, and the next begins with neither a blank
/// nor a slash. Both encodings end a pre-token at such a place, so no token spans two pieces and
/// the sum of the pieces' counts is the count of the message.
std::string passage_text(const Passage& passage, std::size_t number, std::string_view tag) {
  std::string out = "[" + std::to_string(number) + "] ";
  append_one_line(out, passage.path);
  out += ":" + std::to_string(passage.start_line) + "-" + std::to_string(passage.end_line);
  out.append("\n<passage ").append(tag).append(">\n").append(passage.text);
  if (passage.text.empty() || passage.text.back() != '\n') out += '\n';
  out.append("</passage ").append(tag).append(">\n");
  return out;
}

std::string heading_text(std::string_view tag) {
  std::string out = "Passages of the repository, best match first (TAG is ";
  out.append(tag).append("):\n");
  return out;
}

std::string question_text(const ChatRequest& request) {
  if (request.is_plain()) return request.question();
  std::string out;
  if (!request.file_path.empty()) {
    out += "The question is about the file ";
    append_one_line(out, request.file_path);
    out += "\n";
  }
  out += "Question:\n";
  out += request.question();
  return out;
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
        question_(question_text(request_)) {
    fixed_tokens_ = tokens_for_reply + message_tokens(Role::user, "");
    if (!request_.is_plain()) instruct();
    split_history();
    if (request_.context) offer_passages(*std::move(request_.context));
  }

  Result<Prompt> build(const Budget& budget) {
    const std::size_t room = budget.context_tokens > budget.answer_tokens
                                 ? budget.context_tokens - budget.answer_tokens
                                 : 0;
    total_ = fixed_tokens_ + count_own(no_passages_) + encoding_.count(question_);
    if (total_ > room) return too_long(total_, room);
    choose_turns(room - total_);
    choose_passages(room);
    return assemble();
  }

 private:
  void instruct() {
    first_.push_back({Role::system, instructions(request_)});
    fixed_tokens_ += message_tokens(Role::system, "") + count_own(first_.front().content);
    no_passages_ = no_passages;
  }

  /// The asker's own system messages stay with ours; the rest is history, but for the question.
  void split_history() {
    for (std::size_t i = 0; i + 1 < request_.messages.size(); ++i) {
      Message& message = request_.messages[i];
      const std::size_t tokens = message_tokens(message.role, message.content);
      if (message.role == Role::system) {
        first_.push_back(std::move(message));
        fixed_tokens_ += tokens;
        continue;
      }
      if (message.role == Role::user || turns_.empty()) turns_.emplace_back();
      turns_.back().messages.push_back(std::move(message));
      turns_.back().tokens += tokens;
    }
  }

  void offer_passages(std::vector<Passage> passages) {
    offered_ = std::move(passages);
    if (offered_.empty()) return;
    const std::string tag = fence_tag(request_.question(), offered_);
    heading_ = heading_text(tag);
    for (std::size_t i = 0; i < offered_.size(); ++i) {
      passage_texts_.push_back(passage_text(offered_[i], i + 1, tag));
    }
  }

  std::size_t message_tokens(Role role, std::string_view content) const {
    return tokens_per_message + count_own(name(role)) + encoding_.count(content);
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

  /// The best passages that fit, by the sum of the pieces; then the message itself is counted, so
  /// that the promise does not rest on the argument at passage_text().
  void choose_passages(std::size_t room) {
    if (offered_.empty()) return;
    std::size_t total = fixed_tokens_ + encoding_.count(heading_) + encoding_.count(question_);
    for (kept_ = 0; kept_ < offered_.size(); ++kept_) {
      total += encoding_.count(passage_texts_[kept_]);
      if (total > room) break;
    }
    total_ = fixed_tokens_ + encoding_.count(last_content(kept_));
    while (total_ > room && kept_ > 0) {
      total_ = fixed_tokens_ + encoding_.count(last_content(--kept_));
    }
  }

  std::string last_content(std::size_t passages) const {
    const std::string_view beginning = passages == 0 ? no_passages_ : std::string_view(heading_);
    std::size_t bytes = beginning.size() + question_.size();
    for (std::size_t i = 0; i < passages; ++i) bytes += passage_texts_[i].size();
    std::string out;
    out.reserve(bytes);
    out += beginning;
    for (std::size_t i = 0; i < passages; ++i) out += passage_texts_[i];
    out += question_;
    return out;
  }

  Prompt assemble() {
    Prompt out;
    out.tokens = static_cast<std::uint32_t>(total_);
    out.question = std::move(request_.messages.back().content);
    out.messages = std::move(first_);
    for (std::size_t i = 0; i < turns_.size(); ++i) {
      if (i < first_turn_) {
        out.dropped_messages += static_cast<std::uint32_t>(turns_[i].messages.size());
        continue;
      }
      for (Message& message : turns_[i].messages) out.messages.push_back(std::move(message));
    }
    out.messages.push_back({Role::user, last_content(kept_)});
    for (std::size_t i = 0; i < offered_.size(); ++i) {
      if (i < kept_) {
        out.passages.push_back(std::move(offered_[i]));
      } else {
        out.dropped.push_back({ref(offered_[i]), std::string(no_room)});
      }
    }
    return out;
  }

  ChatRequest request_;
  const tokens::Encoding& encoding_;
  OwnTextCounts* counts_;
  std::string question_;
  std::string_view no_passages_;  ///< what is said where there are none
  std::vector<Message> first_;
  std::vector<Passage> offered_;
  std::string heading_;  ///< empty where no passages are offered
  std::vector<Turn> turns_;
  std::vector<std::string> passage_texts_;

  std::size_t first_turn_ = 0;    ///< turns before it are left out
  std::size_t kept_ = 0;          ///< passages
  std::size_t fixed_tokens_ = 0;  ///< all that is chosen, but the last message's content
  std::size_t total_ = 0;         ///< with it
};

}  // namespace

Result<Prompt> build_prompt(ChatRequest request, const Budget& budget,
                            const tokens::Encoding& encoding, OwnTextCounts* counts) {
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
