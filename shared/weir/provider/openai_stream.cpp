#include <string>
#include <utility>

#include "weir/provider/json_members.hpp"
#include "weir/provider/lenient_json.hpp"
#include "weir/provider/openai.hpp"
#include "weir/provider/openai_errors.hpp"
#include "weir/provider/openai_plain_chunk.hpp"
#include "weir/sse/parser.hpp"

namespace weir::provider {
namespace {

using stream::Event;

bool begins_with(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

bool is_event_stream(const std::vector<Header>& headers) {
  for (const Header& header : headers) {
    if (header.name == "content-type") return begins_with(header.value, "text/event-stream");
  }
  return false;
}

/// The stream is defined at https://platform.openai.com/docs/api-reference/chat-streaming; what
/// compatible servers do otherwise is said where it is met.
class OpenAiCodec : public StreamCodec {
 public:
  OpenAiCodec(ErrorContext context, const limits::Provider& limits)
      : context_(std::move(context)), limits_(limits), parser_(limits.line_bytes) {}

  void head(int status, const std::vector<Header>& headers, std::vector<Event>& out) override {
    status_ = status;
    if (status < 200 || status >= 300) {
      headers_ = headers;  // they may say how long to wait
      form_ = Form::error;
    } else if (auto failed = unreadable(context_, headers)) {
      fail(*std::move(failed), out);
    } else if (is_event_stream(headers)) {
      form_ = Form::events;
    }
  }

  void bytes(std::string_view bytes, std::vector<Event>& out) override {
    if (ended_) return;
    if (form_ == Form::unknown) bytes = find_form(bytes);
    switch (form_) {
      case Form::unknown:
        break;
      case Form::events:
        parser_.feed(bytes);
        take_messages(out);
        break;
      case Form::object:
      case Form::error:
        collect(bytes, out);
        break;
    }
  }

  void end(bool clean, std::vector<Event>& out) override {
    if (ended_) return;
    if (form_ == Form::error)
      return fail(classify_response(context_, status_, headers_, body_), out);
    if (form_ == Form::object && clean) return take_object(out);
    // Some servers leave out the last blank line, without which an event is not dispatched.
    if (form_ == Form::events && clean) {
      parser_.feed("\n\n");
      at_end_ = true;
      take_messages(out);
      if (ended_) return;
    }
    if (!finish_reason_.empty()) return finish(out);
    fail_with(ErrorCode::provider_cut,
              context_.provider + "'s stream broke off before the answer was whole.", "Ask again.",
              true, out);
  }

 private:
  enum class Form {
    unknown,  ///< of a 200 without a telling content type, until its first byte
    events,
    object,  ///< from servers that ignore `stream`
    error,
  };

  std::string_view find_form(std::string_view bytes) {
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return bytes;
    form_ = bytes[first] == '{' || bytes[first] == '<' ? Form::object : Form::events;
    return bytes.substr(first);
  }

  void collect(std::string_view bytes, std::vector<Event>& out) {
    const std::size_t most = form_ == Form::error ? limits_.error_body_bytes : limits_.line_bytes;
    if (body_.size() + bytes.size() < most) {
      body_ += bytes;
    } else if (form_ == Form::object) {
      too_large(out);
    } else {  // whoever says more than that may never end
      body_ += bytes.substr(0, most - body_.size());
      fail(classify_response(context_, status_, headers_, body_), out);
    }
  }

  void take_messages(std::vector<Event>& out) {
    while (!ended_) {
      const auto message = parser_.next_view();
      if (!message) break;
      take_message(*message, out);
    }
    if (parser_.error() && !ended_) too_large(out);
  }

  void take_message(const sse::MessageView& message, std::vector<Event>& out) {
    if (begins_with(message.data, "[DONE]")) return finish(out);
    if (message.event.empty()) {
      if (auto chunk = plain_.read(message.data)) return take_plain(*std::move(chunk), out);
    }
    const auto chunk = parse_lenient(message.data);
    if (!chunk || !chunk->is_object()) {
      if (!at_end_) not_its_protocol(out);  // at the end it is what the cut left over
      return;
    }
    // openai-node reads errors from both (src/core/streaming.ts).
    if (const json::Value* error = member(*chunk, "error")) {
      return fail(classify_error(context_, *error), out);
    }
    if (message.event == "error") return fail(classify_error(context_, *chunk), out);
    take_chunk(*chunk, out);
  }

  /// The same as take_chunk() for a chunk that says nothing else.
  void take_plain(PlainChunk chunk, std::vector<Event>& out) {
    if (chunk.usage) usage_ = chunk.usage;
    if (!chunk.text.empty()) out.push_back(stream::Delta{std::move(chunk.text)});
    if (!chunk.finish_reason.empty()) finish_reason_ = std::move(chunk.finish_reason);
  }

  void take_object(std::vector<Event>& out) {
    const auto object = parse_lenient(body_);
    if (!object || !object->is_object()) return not_its_protocol(out);
    if (const json::Value* error = member(*object, "error")) {
      return fail(classify_error(context_, *error), out);
    }
    if (!member(*object, "choices")) return not_its_protocol(out);
    take_chunk(*object, out);
    if (!ended_) finish(out);
  }

  /// Of a chunk with empty or null `choices` only the usage counts. Some servers send the usage so
  /// far in every chunk: the last holds.
  void take_chunk(const json::Value& chunk, std::vector<Event>& out) {
    if (const json::Value* usage = member(chunk, "usage"); usage && usage->is_object()) {
      usage_ = {count_or_zero(*usage, "prompt_tokens"), count_or_zero(*usage, "completion_tokens")};
    }
    const json::Value* choices = member(chunk, "choices");
    if (!choices || !choices->is_array()) return;
    for (const json::Value& choice : *choices) {
      if (json::integer_or(choice, "index", 0) == 0) take_choice(choice, out);
    }
  }

  void take_choice(const json::Value& choice, std::vector<Event>& out) {
    const json::Value* part = member(choice, "delta");
    if (!part) part = member(choice, "message");
    if (part) take_part(*part, out);
    const std::string reason = json::string_or(choice, "finish_reason");
    if (reason == "error") {  // OpenRouter's word for a model that failed
      fail_with(ErrorCode::provider_error, context_.provider + "'s model failed.", "Ask again.",
                true, out);
    } else if (!reason.empty()) {
      finish_reason_ = reason;
    }
  }

  /// `reasoning_content` is DeepSeek's name and older vLLM's, `reasoning` OpenRouter's and vLLM's
  /// since 0.11 (https://docs.vllm.ai/en/latest/features/reasoning_outputs/); who sends both sends
  /// the same text. A refusal is what the model answers.
  void take_part(const json::Value& part, std::vector<Event>& out) {
    std::string reasoning = json::string_or(part, "reasoning_content");
    if (reasoning.empty()) reasoning = json::string_or(part, "reasoning");
    if (!reasoning.empty()) out.push_back(stream::Reasoning{std::move(reasoning)});
    for (const std::string_view name : {"content", "refusal"}) {
      std::string text = json::string_or(part, name);
      if (!text.empty()) out.push_back(stream::Delta{std::move(text)});
    }
    if (const json::Value* calls = member(part, "tool_calls"); calls && calls->is_array()) {
      for (std::size_t i = 0; i < calls->size(); ++i) take_tool_call((*calls)[i], i, out);
    }
  }

  /// `position` serves whole messages, whose calls have no index.
  static void take_tool_call(const json::Value& call, std::size_t position,
                             std::vector<Event>& out) {
    const json::Value* function = member(call, "function");
    const std::int64_t index = json::integer_or(call, "index", static_cast<std::int64_t>(position));
    stream::ToolCall event;
    event.index = index < 0 || index > UINT32_MAX ? 0 : static_cast<std::uint32_t>(index);
    event.id = json::string_or(call, "id");
    if (function) {
      event.name = json::string_or(*function, "name");
      event.arguments = json::string_or(*function, "arguments");
    }
    out.push_back(std::move(event));
  }

  void finish(std::vector<Event>& out) {
    push_usage(out);
    out.push_back(stream::Done{finish_reason_.empty() ? "stop" : finish_reason_});
    ended_ = true;
  }

  void push_usage(std::vector<Event>& out) const {
    if (usage_) out.push_back(*usage_);
  }

  void fail(stream::Failed failed, std::vector<Event>& out) {
    push_usage(out);
    out.push_back(std::move(failed));
    ended_ = true;
  }

  void fail_with(ErrorCode code, std::string message, std::string hint, bool retryable,
                 std::vector<Event>& out) {
    stream::Failed failed;
    failed.error = {code, std::move(message), std::move(hint)};
    failed.provider = context_.provider;
    failed.retryable = retryable;
    fail(std::move(failed), out);
  }

  void not_its_protocol(std::vector<Event>& out) {
    fail(provider::not_its_protocol(context_, "chat completion"), out);
  }

  void too_large(std::vector<Event>& out) {
    fail_with(ErrorCode::provider_error,
              context_.provider + " sent one message of more than " +
                  std::to_string(limits_.line_bytes) + " bytes.",
              "", false, out);
  }

  const ErrorContext context_;
  const limits::Provider limits_;
  Form form_ = Form::unknown;
  int status_ = 0;
  std::vector<Header> headers_;
  std::string body_;  ///< Form::object, Form::error
  sse::Parser parser_;
  PlainChunkReader plain_;
  std::string finish_reason_;
  std::optional<stream::Usage> usage_;
  bool at_end_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<StreamCodec> openai_codec(ErrorContext context, const limits::Provider& limits) {
  return std::make_unique<OpenAiCodec>(std::move(context), limits);
}

}  // namespace weir::provider
