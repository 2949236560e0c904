#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/id128.hpp"
#include "weir/stream/event.hpp"

/// An answer in the form of OpenAI's chat completions, whole or in chunks
/// (https://platform.openai.com/docs/api-reference/chat/object and .../chat-streaming).
namespace weir::wire {

/// What is the same in every chunk of an answer.
struct CompletionHead {
  Id128 id;
  std::string model;
  std::int64_t unix_seconds = 0;  ///< when it was asked for
};

/// The id of a tool call for whose id its provider has no use: clients answer a call by it.
std::string tool_call_id(const Id128& answer, std::uint32_t index);

/// Writes an answer's events as server-sent events, each a chunk, the last followed by [DONE].
class CompletionChunks {
 public:
  explicit CompletionChunks(const CompletionHead& head);

  void append_text(std::string& out, std::string_view text, bool reasoning);
  void append_tool_call(std::string& out, const stream::ToolCall& piece);
  /// `usage`: where it was asked for and is known.
  void append_end(std::string& out, std::string_view finish_reason,
                  const std::optional<stream::Usage>& usage);

 private:
  void begin(std::string& out);

  Id128 id_;
  std::string head_;  ///< of every chunk, up to its choices
  bool begun_ = false;
};

/// Puts an answer's events together to one object.
class WholeCompletion {
 public:
  void add_text(std::string_view text, bool reasoning);
  void add_tool_call(const stream::ToolCall& piece);
  std::string write(const CompletionHead& head, std::string_view finish_reason,
                    const std::optional<stream::Usage>& usage) const;

 private:
  std::string text_;
  std::string reasoning_;
  std::vector<stream::ToolCall> calls_;
};

/// {"error":{message, type, param, code}}, with the codes that OpenAI has for the same.
std::string write_completion_error(const stream::Failed& failed);
/// The same in a stream that has begun. Its clients take it for the stream's end.
void append_completion_error(std::string& out, const stream::Failed& failed);
/// The status by which OpenAI's clients choose the class of the error that they raise.
int completion_status(ErrorCode code);

}  // namespace weir::wire
