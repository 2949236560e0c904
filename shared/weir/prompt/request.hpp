#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/passage.hpp"
#include "weir/base/result.hpp"
#include "weir/prompt/generation.hpp"
#include "weir/prompt/research_turn.hpp"
#include "weir/prompt/tool.hpp"

namespace weir::prompt {

enum class Role : std::uint8_t { system, user, assistant, tool };
std::string_view name(Role role);

struct Message {
  Role role = Role::user;
  std::string content;
  std::vector<ToolCall> tool_calls = {};  ///< Role::assistant: what it called
  std::string tool_call_id = {};          ///< Role::tool: whose result this is

  friend bool operator==(const Message&, const Message&) = default;
};

/// The form that a request is written in.
enum class RequestForm : std::uint8_t {
  repository,  ///< deepwiki-open's: it is about a repository
  /// OpenAI's: about one only where repo_url is given beside its own members. A message may be from
  /// the `developer`, which is the system's role, and have parts of text for its content
  /// (https://platform.openai.com/docs/api-reference/chat/create).
  completion,
};

/// deepwiki-open's ChatCompletionRequest with Weir's own members behind it. Names in comments are
/// the JSON members.
struct ChatRequest {
  std::string repo_url;  ///< repo_url; empty: about none, in the form `completion` alone
  /// messages; the user's last is the question, and what follows it are calls of tools for it.
  std::vector<Message> messages;
  std::string file_path;  ///< filePath: a file the question is about
  std::string token;      ///< token: for a private repository; a secret, used for this request only
  std::string repo_type;  ///< type: github, gitlab, bitbucket, local
  std::string provider;   ///< provider; empty: the edge's default
  std::string model;      ///< model; empty: the provider's default
  std::string language;   ///< language: en, ja, zh, ...; empty: en
  std::vector<std::string> excluded_dirs, excluded_files, included_dirs, included_files;
  std::optional<std::vector<Passage>>
      context;  ///< context: passages found by the asker; absent: the edge retrieves
  std::optional<Passage> file;  ///< file: what filePath names, from its first line on
  /// research: {stage, turn, queries}, or true for the first turn; absent or false: none of one
  std::optional<ResearchTurn> research;
  std::string priority;     ///< priority: interactive (default), research, batch
  bool no_cache = false;    ///< no_cache: whatever was asked before, the provider is asked anew
  std::vector<Tool> tools;  ///< tools, in the form `completion` alone
  ToolChoice tool_choice;   ///< tool_choice, parallel_tool_calls; likewise
  Generation generation;    ///< how the answer is to be written; likewise

  friend bool operator==(const ChatRequest&, const ChatRequest&) = default;

  /// Where among the messages the user's question is.
  std::size_t question_at() const;
  const std::string& question() const { return messages[question_at()].content; }
  /// What a repository is searched for: the question, unless a turn of research asked for more.
  std::vector<std::string> searches() const {
    if (research && !research->queries.empty()) return research->queries;
    return {question()};
  }
  /// The messages alone are the prompt: no repository, and no passages of one.
  bool is_plain() const { return repo_url.empty() && context && context->empty(); }
};

/// Reads and validates a request. Unknown members are ignored; a wrong one is named in the
/// `invalid_request` error by its path ("messages[2].role").
///
/// A limit that is passed gives `request_too_large`. Optional members may be null. The four filters
/// are arrays of strings, or one string with newlines or commas between its parts, percent-encoded
/// or not, as deepwiki-open's pages send them. Text from the request is never quoted in an error:
/// it may hold the question or the token.
Result<ChatRequest> parse_request(std::string_view json, const limits::Request& limits = {},
                                  RequestForm form = RequestForm::repository);

/// A request as JSON that is read back as the same: by parse_request(), or in OpenAI's form by
/// wire::read_completion_request(). Two requests that differ give two texts.
std::string write_request(const ChatRequest& request);

}  // namespace weir::prompt
