#include "weir/wire/completion.hpp"

#include <utility>

#include "weir/json/json.hpp"
#include "weir/wire/frames.hpp"

namespace weir::wire {
namespace {

void append_event(std::string& out, std::string_view data) {
  out.append("data: ").append(data).append("\n\n");
}

std::string begin_object(const CompletionHead& head, std::string_view kind) {
  std::string out = R"({"id":"chatcmpl-)" + to_hex(head.id) + R"(","object":")";
  out.append(kind).append(R"(","created":)").append(std::to_string(head.unix_seconds));
  out += R"(,"model":)";
  json::append_string(out, head.model);
  return out;
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out.append(",\"").append(name).append("\":");
  json::append_string(out, text);
}

void append_usage(std::string& out, const stream::Usage& usage) {
  const std::uint64_t total = std::uint64_t{usage.prompt} + usage.completion;
  out += R"(,"usage":{"prompt_tokens":)" + std::to_string(usage.prompt) +
         R"(,"completion_tokens":)" + std::to_string(usage.completion) + R"(,"total_tokens":)" +
         std::to_string(total) + "}";
}

/// A choice of a chunk up to what its delta holds, and from there on.
constexpr std::string_view choice = R"(,"choices":[{"index":0,"delta":{)";
constexpr std::string_view choice_goes_on = R"(},"finish_reason":null}]})";

std::string_view code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::provider_auth:
      return "invalid_api_key";
    case ErrorCode::provider_model_missing:
      return "model_not_found";
    case ErrorCode::provider_quota:
      return "insufficient_quota";
    case ErrorCode::rate_limited:
      return "rate_limit_exceeded";
    case ErrorCode::context_too_long:
      return "context_length_exceeded";
    default:
      return name(code);
  }
}

std::string_view type_of(ErrorCode code) {
  constexpr int too_many_requests = 429;
  constexpr int first_of_the_servers = 500;
  const int status = completion_status(code);
  if (code == ErrorCode::provider_quota) return "insufficient_quota";
  if (status == too_many_requests) return "rate_limit_error";
  return status < first_of_the_servers ? "invalid_request_error" : "server_error";
}

}  // namespace

std::string tool_call_id(const Id128& answer, std::uint32_t index) {
  return "call_" + to_hex(answer) + "_" + std::to_string(index);
}

CompletionChunks::CompletionChunks(const CompletionHead& head)
    : id_(head.id), head_(begin_object(head, "chat.completion.chunk")) {}

/// The role comes first, with nothing behind it.
void CompletionChunks::begin(std::string& out) {
  if (std::exchange(begun_, true)) return;
  std::string chunk = head_;
  chunk.append(choice).append(R"("role":"assistant","content":"")").append(choice_goes_on);
  append_event(out, chunk);
}

void CompletionChunks::append_text(std::string& out, std::string_view text, bool reasoning) {
  begin(out);
  out.append("data: ").append(head_).append(choice);
  out += reasoning ? R"("reasoning_content":)" : R"("content":)";
  json::append_string(out, text);
  out.append(choice_goes_on).append("\n\n");
}

void CompletionChunks::append_tool_call(std::string& out, const stream::ToolCall& piece) {
  begin(out);
  out.append("data: ").append(head_).append(choice);
  out += R"("tool_calls":[{"index":)" + std::to_string(piece.index);
  // A name comes once, with a call's first piece.
  const std::string id =
      piece.id.empty() && !piece.name.empty() ? tool_call_id(id_, piece.index) : piece.id;
  if (!id.empty()) append_member(out, "id", id);
  if (!id.empty()) append_member(out, "type", "function");
  out += R"(,"function":{"arguments":)";
  json::append_string(out, piece.arguments);
  if (!piece.name.empty()) append_member(out, "name", piece.name);
  out.append("}}]").append(choice_goes_on).append("\n\n");
}

void CompletionChunks::append_end(std::string& out, std::string_view finish_reason,
                                  const std::optional<stream::Usage>& usage) {
  begin(out);
  std::string last = head_;
  last.append(choice).append("}");
  append_member(last, "finish_reason", finish_reason);
  append_event(out, last.append("}]}"));
  if (usage) {
    std::string chunk = head_ + R"(,"choices":[])";
    append_usage(chunk, *usage);
    append_event(out, chunk.append("}"));
  }
  append_event(out, "[DONE]");
}

void WholeCompletion::add_text(std::string_view text, bool reasoning) {
  (reasoning ? reasoning_ : text_) += text;
}

void WholeCompletion::add_tool_call(const stream::ToolCall& piece) {
  for (stream::ToolCall& call : calls_) {
    if (call.index != piece.index) continue;
    if (!piece.id.empty()) call.id = piece.id;
    if (!piece.name.empty()) call.name = piece.name;
    call.arguments += piece.arguments;
    return;
  }
  calls_.push_back(piece);
}

std::string WholeCompletion::write(const CompletionHead& head, std::string_view finish_reason,
                                   const std::optional<stream::Usage>& usage) const {
  std::string out = begin_object(head, "chat.completion");
  out += R"(,"choices":[{"index":0,"message":{"role":"assistant","refusal":null,"content":)";
  if (text_.empty() && !calls_.empty()) {
    out += "null";
  } else {
    json::append_string(out, text_);
  }
  if (!reasoning_.empty()) append_member(out, "reasoning_content", reasoning_);
  if (!calls_.empty()) out += R"(,"tool_calls":[)";
  for (const stream::ToolCall& call : calls_) {
    if (&call != &calls_.front()) out += ',';
    out += R"({"type":"function")";
    append_member(out, "id", call.id.empty() ? tool_call_id(head.id, call.index) : call.id);
    out += R"(,"function":{"name":)";
    json::append_string(out, call.name);
    append_member(out, "arguments", call.arguments);
    out += "}}";
  }
  if (!calls_.empty()) out += ']';
  out += R"(},"logprobs":null)";
  append_member(out, "finish_reason", finish_reason);
  out += "}]";
  if (usage) append_usage(out, *usage);
  return out.append("}");
}

std::string write_completion_error(const stream::Failed& failed) {
  const Error& error = failed.error;
  std::string message = error.message;
  if (!error.hint.empty()) message.append(" ").append(error.hint);
  std::string out = R"({"error":{"message":)";
  json::append_string(out, message);
  append_member(out, "type", type_of(error.code));
  out += R"(,"param":null)";
  append_member(out, "code", code_of(error.code));
  return out.append("}}");
}

void append_completion_error(std::string& out, const stream::Failed& failed) {
  append_event(out, write_completion_error(failed));
}

int completion_status(ErrorCode code) {
  constexpr int bad_request = 400;
  constexpr int unauthorized = 401;
  // As OpenAI's own server says it: a prompt too long is a bad request, and that a key is refused
  // (the edge's, here) is never worth another try.
  if (code == ErrorCode::context_too_long) return bad_request;
  if (code == ErrorCode::provider_auth) return unauthorized;
  return http_status(code);
}

}  // namespace weir::wire
