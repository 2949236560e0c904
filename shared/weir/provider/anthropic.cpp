#include "weir/provider/anthropic.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "weir/json/json.hpp"
#include "weir/provider/conversation.hpp"
#include "weir/provider/json_members.hpp"
#include "weir/provider/lenient_json.hpp"
#include "weir/provider/response.hpp"
#include "weir/provider/tools.hpp"

namespace weir::provider {
namespace {

/// The model decides by itself how long to think, and shows a summary, which newer ones leave out
/// unless asked (https://docs.claude.com/en/docs/build-with-claude/adaptive-thinking; `display` is
/// ThinkingConfigAdaptive's in anthropic-sdk-typescript, src/resources/messages/messages.ts).
constexpr std::string_view thinking = R"({"type":"adaptive","display":"summarized"})";

/// https://docs.claude.com/en/api/versioning
constexpr std::string_view version = "2023-06-01";

// -- the request

/// A prefix that ends with blanks is refused ("final assistant content cannot end with trailing
/// whitespace"); models from 4.6 on refuse every one
/// (https://docs.claude.com/en/docs/about-claude/models/migration-guide).
std::string_view without_blanks_at_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

void begin_block(std::string& out, std::string_view beginning, std::string_view text) {
  if (out.back() != '[') out += ',';
  out += beginning;
  json::append_string(out, text);
}

/// Text alone needs no blocks. Results come first, as the API wants them
/// (https://docs.claude.com/en/docs/agents-and-tools/tool-use/implement-tool-use).
void append_turn(std::string& out, const Conversation::Turn& turn) {
  out += turn.user ? R"({"role":"user","content":)" : R"({"role":"assistant","content":)";
  if (turn.calls.empty() && turn.results.empty()) {
    json::append_string(out, turn.text);
    out += '}';
    return;
  }
  out += '[';
  for (const Conversation::Result& result : turn.results) {
    begin_block(out, R"({"type":"tool_result","tool_use_id":)", result.id);
    append_text_setting(out, "content", result.text);
    out += '}';
  }
  if (!turn.text.empty()) {
    begin_block(out, R"({"type":"text","text":)", turn.text);
    out += '}';
  }
  for (const prompt::ToolCall& each : turn.calls) {
    begin_block(out, R"({"type":"tool_use","id":)", each.id);
    append_text_setting(out, "name", each.name);
    append_arguments(out += ",\"input\":", each.arguments);
    out += '}';
  }
  out += "]}";
}

/// A choice of tools is an object with a type of its own words.
std::string choice_of(const prompt::ToolChoice& choice) {
  using Mode = prompt::ToolChoice::Mode;
  if (choice.mode == Mode::none) return R"({"type":"none"})";
  if (choice.mode == Mode::automatic && choice.parallel) return "";
  std::string out = choice.mode == Mode::automatic  ? R"({"type":"auto")"
                    : choice.mode == Mode::required ? R"({"type":"any")"
                                                    : R"({"type":"tool")";
  if (choice.mode == Mode::named) append_text_setting(out, "name", choice.name);
  if (!choice.parallel) append_setting(out, "disable_parallel_tool_use", "true");
  return out + "}";
}

void append_tools(std::string& out, const prompt::Prompt& prompt) {
  if (prompt.tools.empty()) return;
  out += ",\"tools\":[";
  for (const prompt::Tool& tool : prompt.tools) {
    out += &tool == &prompt.tools.front() ? "{" : ",{";
    append_tool_members(out, tool, "input_schema");
    if (tool.strict) out += ",\"strict\":true";
    out += '}';
  }
  out += ']';
  append_setting(out, "tool_choice", choice_of(prompt.tool_choice));
}

/// A model that thinks chooses its words as freely as it does: other settings are refused then
/// (https://docs.claude.com/en/docs/build-with-claude/extended-thinking#feature-compatibility).
bool thinks(const Call& call) {
  return call.thinks() && call.generation().temperature.empty() && call.generation().top_p.empty();
}

/// How hard it works at an answer (https://docs.claude.com/en/docs/build-with-claude/effort), for
/// models that know of it, and the answer's schema
/// (https://docs.claude.com/en/docs/build-with-claude/structured-outputs).
void append_output_config(std::string& out, const Call& call) {
  const prompt::Generation& generation = call.generation();
  std::string members;
  const std::string& effort = generation.reasoning_effort;
  if (call.model.reasoning_model && !effort.empty() && effort != "none") {
    append_text_setting(members, "effort", effort == "minimal" ? "low" : effort);
  }
  if (generation.format == prompt::Generation::Format::json_schema) {
    members += R"(,"format":{"type":"json_schema")";
    append_setting(members, "schema", generation.format_schema);
    members += '}';
  }
  if (!members.empty()) append_setting(out, "output_config", "{" + members.substr(1) + "}");
}

std::uint32_t answer_tokens(const Call& call) {
  const std::uint32_t most = call.model.budget.answer_tokens;
  return std::min(call.generation().answer_tokens.value_or(most), most);
}

/// `max_tokens` must be there, whether the model is known or not.
std::string body(const Call& call) {
  const Conversation conversation =
      conversation_of(call.prompt, without_blanks_at_end(call.attempt.prefix));
  std::string out = "{\"model\":";
  json::append_string(out, call.model.id);
  append_setting(out, "max_tokens", std::to_string(answer_tokens(call)));
  append_setting(out, "stream", "true");
  append_setting(out, "temperature", call.temperature());
  append_setting(out, "top_p", call.top_p());
  append_text_settings(out, "stop_sequences", call.generation().stop);
  if (thinks(call)) append_setting(out, "thinking", thinking);
  append_output_config(out, call);
  if (!conversation.system.empty()) {
    out += ",\"system\":";
    json::append_string(out, conversation.system);
  }
  append_tools(out, call.prompt);
  out += ",\"messages\":[";
  for (std::size_t i = 0; i < conversation.turns.size(); ++i) {
    if (i > 0) out += ',';
    append_turn(out, conversation.turns[i]);
  }
  return out + "]}";
}

// -- errors (https://docs.claude.com/en/api/errors)

/// A prompt that is too long, and an account without credit, are bad requests that only their words
/// tell from others: "prompt is too long: 209652 tokens > 200000 maximum", "input length and
/// `max_tokens` exceed context limit", "Your credit balance is too low to access the Claude API."
/// So is a spending limit that was reached.
Cause cause_of(const ErrorReport& report) {
  if (contains(report.message, "prompt is too long") ||
      contains(report.message, "exceed context limit") || report.type == "request_too_large") {
    return Cause::context_too_long;
  }
  if (report.type == "billing_error" || contains(report.message, "credit balance is too low") ||
      contains(report.message, "API usage limits")) {
    return Cause::quota_used_up;
  }
  if (report.type == "authentication_error" || report.type == "permission_error") {
    return Cause::refused;
  }
  if (report.type == "not_found_error") {
    return contains(report.message, "model") ? Cause::model_missing : Cause::other;
  }
  if (report.type == "rate_limit_error") return Cause::rate_limited;
  if (report.type == "timeout_error") return Cause::timed_out;
  if (report.type == "overloaded_error" || report.type == "api_error") return Cause::passing;
  return cause_of_status(report.status);
}

ErrorReport read_report(const json::Value& error) {
  ErrorReport report;
  report.type = json::string_or(error, "type");
  report.message = json::string_or(error, "message");
  return report;
}

// -- the response

/// https://docs.claude.com/en/api/handling-stop-reasons; others stay what they are.
std::string finish_reason_of(std::string_view reason) {
  if (reason == "end_turn" || reason == "stop_sequence") return "stop";
  if (reason == "max_tokens" || reason == "model_context_window_exceeded") return "length";
  if (reason == "tool_use") return "tool_calls";
  if (reason == "refusal") return "content_filter";
  return std::string(reason);
}

class AnthropicCodec : public EventStreamCodec {
 public:
  using EventStreamCodec::EventStreamCodec;

 protected:
  stream::Failed refusal(int status, const std::vector<Header>& headers,
                         std::string_view body) const override {
    ErrorReport report;
    const auto value = parse_lenient(body);
    const json::Value* error = value ? member(*value, "error") : nullptr;
    if (error) {
      report = read_report(*error);
    } else {
      report.message = words_of(body);
    }
    report.status = status;
    report.retry_after = retry_after(headers);
    return failed(context(), cause_of(report), report);
  }

  stream::Failed error_in(const json::Value& object) const override {
    const json::Value* error = member(object, "error");
    const ErrorReport report = read_report(error ? *error : object);
    return failed(context(), cause_of(report), report);
  }

  std::string_view messages_are() const override { return "message event"; }

  /// Other events (`ping`, and those that are yet to come) say nothing.
  void take(std::string_view event, const json::Value& message, Events& out) override {
    const std::string type = json::string_or(message, "type", event);
    if (type == "content_block_delta") {
      take_delta(message, out);
    } else if (type == "content_block_stop") {
      tool_call_ends(out);
    } else if (type == "content_block_start") {
      take_block(message, out);
    } else if (type == "message_start") {
      if (const json::Value* begun = member(message, "message")) take_usage(*begun);
    } else if (type == "message_delta") {
      take_message_delta(message);
    } else if (type == "message_stop") {
      finish(out);
    } else if (type == "error") {
      fail(error_in(message), out);
    }
  }

 private:
  /// What was read from or written to a cache is part of the prompt, and not in `input_tokens`
  /// (https://docs.claude.com/en/docs/build-with-claude/prompt-caching). The counts of
  /// message_delta are totals; those it leaves out hold on.
  void take_usage(const json::Value& message) {
    const json::Value* counts = member(message, "usage");
    if (!counts) return;
    stream::Usage now = usage().value_or(stream::Usage{});
    if (member(*counts, "input_tokens")) {
      now.prompt = count_or_zero(*counts, "input_tokens") +
                   count_or_zero(*counts, "cache_creation_input_tokens") +
                   count_or_zero(*counts, "cache_read_input_tokens");
    }
    if (member(*counts, "output_tokens")) now.completion = count_or_zero(*counts, "output_tokens");
    usage(now);
  }

  void take_message_delta(const json::Value& message) {
    take_usage(message);
    const json::Value* delta = member(message, "delta");
    const std::string reason = delta ? json::string_or(*delta, "stop_reason") : "";
    if (!reason.empty()) finish_reason(finish_reason_of(reason));
  }

  /// A block may begin with text; a tool's name comes here, its arguments in deltas.
  void take_block(const json::Value& message, Events& out) {
    const json::Value* block = member(message, "content_block");
    if (!block) return;
    const std::string type = json::string_or(*block, "type");
    if (type == "text") {
      delta(json::string_or(*block, "text"), out);
    } else if (type == "thinking") {
      reasoning(json::string_or(*block, "thinking"), out);
    } else if (type == "tool_use") {
      tool_call({tool_calls_++, json::string_or(*block, "id"), json::string_or(*block, "name"), ""},
                out);
      without_arguments_ = true;
    }
  }

  /// A call of a tool without parameters comes without arguments: they are an empty object.
  void tool_call_ends(Events& out) {
    if (std::exchange(without_arguments_, false)) tool_call({tool_calls_ - 1, "", "", "{}"}, out);
  }

  /// Signatures and citations are passed over.
  void take_delta(const json::Value& message, Events& out) {
    const json::Value* part = member(message, "delta");
    if (!part) return;
    const std::string type = json::string_or(*part, "type");
    if (type == "text_delta") {
      delta(json::string_or(*part, "text"), out);
    } else if (type == "thinking_delta") {
      reasoning(json::string_or(*part, "thinking"), out);
    } else if (type == "input_json_delta" && tool_calls_ > 0) {
      std::string piece = json::string_or(*part, "partial_json");
      if (piece.empty()) return;
      without_arguments_ = false;
      tool_call({tool_calls_ - 1, "", "", std::move(piece)}, out);
    }
  }

  std::uint32_t tool_calls_ = 0;
  bool without_arguments_ = false;  ///< the call that has begun, until now
};

}  // namespace

HttpRequest anthropic_request(const Call& call) {
  HttpRequest request;
  request.url = call.provider.base_url + "/messages";
  request.headers = {{"content-type", "application/json"},
                     {"accept", "text/event-stream"},
                     {"anthropic-version", std::string(version)}};
  if (!call.key().empty()) request.headers.push_back({"x-api-key", call.key()});
  request.body = body(call);
  return request;
}

std::unique_ptr<StreamCodec> anthropic_codec(const Call& call) {
  Hints hints;
  hints.key = "Set ANTHROPIC_API_KEY to a valid key of https://console.anthropic.com.";
  hints.address =
      "Check ANTHROPIC_BASE_URL: it ends with the version part, as in "
      "https://api.anthropic.com/v1.";
  return std::make_unique<AnthropicCodec>(error_context(call, std::move(hints)), call.limits);
}

}  // namespace weir::provider
