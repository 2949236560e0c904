#include "weir/provider/bedrock.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "weir/json/json.hpp"
#include "weir/provider/aws_event_stream.hpp"
#include "weir/provider/aws_signature.hpp"
#include "weir/provider/bedrock_errors.hpp"
#include "weir/provider/conversation.hpp"
#include "weir/provider/json_members.hpp"
#include "weir/provider/lenient_json.hpp"
#include "weir/provider/response.hpp"
#include "weir/provider/tools.hpp"
#include "weir/provider/url.hpp"

namespace weir::provider {
namespace {

// -- the request

void begin_block(std::string& out, std::string_view beginning, std::string_view text) {
  if (out.back() != '[') out += ',';
  out += beginning;
  json::append_string(out, text);
}

void append_turn(std::string& out, const Conversation::Turn& turn) {
  out += turn.user ? R"({"role":"user","content":[)" : R"({"role":"assistant","content":[)";
  for (const Conversation::Result& result : turn.results) {
    begin_block(out, R"({"toolResult":{"toolUseId":)", result.id);
    out += R"(,"content":[{"text":)";
    json::append_string(out, result.text);
    out += "}]}}";
  }
  if (!turn.text.empty()) {
    begin_block(out, R"({"text":)", turn.text);
    out += '}';
  }
  for (const prompt::ToolCall& each : turn.calls) {
    begin_block(out, R"({"toolUse":{"toolUseId":)", each.id);
    append_text_setting(out, "name", each.name);
    append_arguments(out += ",\"input\":", each.arguments);
    out += "}}";
  }
  out += "]}";
}

bool holds_tool_calls(const prompt::Prompt& prompt) {
  return std::any_of(prompt.messages.begin(), prompt.messages.end(),
                     [](const prompt::Message& message) { return !message.tool_calls.empty(); });
}

/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html:
/// there is no choice of none, so none are offered; but a conversation in which tools were called
/// is refused without them.
void append_tools(std::string& out, const prompt::Prompt& prompt) {
  using Mode = prompt::ToolChoice::Mode;
  const prompt::ToolChoice& choice = prompt.tool_choice;
  if (prompt.tools.empty() || (choice.mode == Mode::none && !holds_tool_calls(prompt))) return;
  out += ",\"toolConfig\":{\"tools\":[";
  for (const prompt::Tool& tool : prompt.tools) {
    if (&tool != &prompt.tools.front()) out += ',';
    out += "{\"toolSpec\":{\"name\":";
    json::append_string(out, tool.name);
    if (!tool.description.empty()) append_text_setting(out, "description", tool.description);
    append_setting(out, "inputSchema", "{\"json\":" + std::string(schema_of(tool)) + "}");
    out += "}}";
  }
  out += ']';
  if (choice.mode == Mode::required) append_setting(out, "toolChoice", R"({"any":{}})");
  if (choice.mode == Mode::named) {
    out += R"(,"toolChoice":{"tool":{"name":)";
    json::append_string(out, choice.name);
    out += "}}";
  }
  out += '}';
}

void append_inference_config(std::string& out, const Call& call) {
  std::string members;
  append_setting(members, "maxTokens", call.answer_tokens());
  append_setting(members, "temperature", call.temperature());
  append_setting(members, "topP", call.top_p());
  append_text_settings(members, "stopSequences", call.generation().stop);
  if (!members.empty()) append_setting(out, "inferenceConfig", "{" + members.substr(1) + "}");
}

/// The schema is text here
/// (https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html).
void append_output_config(std::string& out, const prompt::Generation& generation) {
  if (generation.format != prompt::Generation::Format::json_schema) return;
  out +=
      R"(,"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":)";
  json::append_string(out, generation.format_schema);
  append_text_setting(out, "name", generation.format_name);
  out += "}}}}";
}

std::string body(const Call& call) {
  const Conversation conversation = conversation_of(call.prompt, call.attempt.prefix);
  std::string out = "{";
  if (!conversation.system.empty()) {
    out += "\"system\":[{\"text\":";
    json::append_string(out, conversation.system);
    out += "}],";
  }
  out += "\"messages\":[";
  for (std::size_t i = 0; i < conversation.turns.size(); ++i) {
    if (i > 0) out += ',';
    append_turn(out, conversation.turns[i]);
  }
  out += ']';
  append_tools(out, call.prompt);
  append_inference_config(out, call);
  append_output_config(out, call.generation());
  return out + "}";
}

// -- the response

/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_MessageStopEvent.html;
/// others stay what they are.
std::string finish_reason_of(std::string_view reason) {
  if (reason == "end_turn" || reason == "stop_sequence") return "stop";
  if (reason == "max_tokens" || reason == "model_context_window_exceeded") return "length";
  if (reason == "tool_use") return "tool_calls";
  if (reason == "guardrail_intervened" || reason == "content_filtered") return "content_filter";
  return std::string(reason);
}

class BedrockCodec : public ResponseCodec {
 public:
  BedrockCodec(ErrorContext context, const limits::Provider& limits)
      : ResponseCodec(std::move(context), limits), stream_(limits.line_bytes) {}

 protected:
  stream::Failed refusal(int status, const std::vector<Header>& headers,
                         std::string_view body) const override {
    return bedrock_refusal(context(), status, headers, body);
  }

  void read(std::string_view bytes, Events& out) override {
    stream_.feed(bytes);
    while (!ended()) {
      const auto message = stream_.next();
      if (!message) break;
      begun_ = true;
      take(*message, out);
    }
    if (!ended()) tell_problem(out);
  }

  void read_rest(Events& out) override { (void)out; }

 private:
  /// What is damaged from the start is something else; later it is a stream that broke.
  void tell_problem(Events& out) {
    switch (stream_.problem()) {
      case AwsEventStream::Problem::none:
        break;
      case AwsEventStream::Problem::damaged:
        begun_ ? fail(cut(context()), out)
               : fail(provider::not_its_protocol(context(), "event stream"), out);
        break;
      case AwsEventStream::Problem::too_large:
        fail(message_too_large(context(), limits().line_bytes), out);
        break;
    }
  }

  /// The forms of a message are those of Smithy's event streams
  /// (https://smithy.io/2.0/aws/amazon-eventstream.html): an event, an exception that the service's
  /// model names, or an error that it does not.
  void take(const AwsEventStream::Message& message, Events& out) {
    const std::string_view form = header(message.headers, ":message-type");
    const auto payload = parse_lenient(message.payload);
    const std::string said = payload ? json::string_or(*payload, "message") : "";
    if (form == "exception") {
      fail(bedrock_exception(context(), header(message.headers, ":exception-type"), said), out);
    } else if (form == "error") {
      fail(bedrock_exception(context(), header(message.headers, ":error-code"),
                             header(message.headers, ":error-message")),
           out);
    } else if (form == "event" && payload && payload->is_object()) {
      take_event(header(message.headers, ":event-type"), *payload, out);
    }
  }

  /// Other events say nothing.
  void take_event(std::string_view type, const json::Value& event, Events& out) {
    if (type == "contentBlockDelta") {
      if (const json::Value* part = member(event, "delta")) take_delta(*part, out);
    } else if (type == "contentBlockStart") {
      take_start(event, out);
    } else if (type == "contentBlockStop") {
      tool_call_ends(out);
    } else if (type == "messageStop") {
      finish_reason(finish_reason_of(json::string_or(event, "stopReason")));
    } else if (type == "metadata") {
      take_metadata(event, out);
    }
  }

  void take_delta(const json::Value& part, Events& out) {
    delta(json::string_or(part, "text"), out);
    if (const json::Value* thought = member(part, "reasoningContent")) {
      reasoning(json::string_or(*thought, "text"), out);
    }
    const json::Value* tool = member(part, "toolUse");
    std::string piece = tool ? json::string_or(*tool, "input") : "";
    if (!piece.empty() && tool_calls_ > 0) {
      without_arguments_ = false;
      tool_call({tool_calls_ - 1, "", "", std::move(piece)}, out);
    }
  }

  void take_start(const json::Value& event, Events& out) {
    const json::Value* start = member(event, "start");
    const json::Value* tool = start ? member(*start, "toolUse") : nullptr;
    if (!tool) return;
    tool_call(
        {tool_calls_++, json::string_or(*tool, "toolUseId"), json::string_or(*tool, "name"), ""},
        out);
    without_arguments_ = true;
  }

  /// A call of a tool without parameters may come without arguments: they are an empty object.
  void tool_call_ends(Events& out) {
    if (std::exchange(without_arguments_, false)) tool_call({tool_calls_ - 1, "", "", "{}"}, out);
  }

  /// The last event. What was read from or written to a cache is counted apart.
  void take_metadata(const json::Value& event, Events& out) {
    if (const json::Value* counts = member(event, "usage")) {
      usage({count_or_zero(*counts, "inputTokens") +
                 count_or_zero(*counts, "cacheReadInputTokens") +
                 count_or_zero(*counts, "cacheWriteInputTokens"),
             count_or_zero(*counts, "outputTokens")});
    }
    if (!finish_reason().empty()) finish(out);
  }

  AwsEventStream stream_;
  bool begun_ = false;
  std::uint32_t tool_calls_ = 0;
  bool without_arguments_ = false;  ///< the call that has begun, until now
};

}  // namespace

HttpRequest bedrock_request(const Call& call) {
  const Provider& bedrock = call.provider;
  HttpRequest request;
  request.url = bedrock.base_url + "/model/" + percent_encode(call.model.id) + "/converse-stream";
  request.headers = {{"content-type", "application/json"},
                     {"accept", "application/vnd.amazon.eventstream"}};
  request.body = body(call);
  if (call.attempt.digests) {
    sign(request, {bedrock.access_key_id, call.key(), bedrock.session_token}, bedrock.region,
         "bedrock", call.attempt.unix_seconds, *call.attempt.digests);
  }
  return request;
}

std::unique_ptr<StreamCodec> bedrock_codec(const Call& call) {
  Hints hints;
  hints.key =
      "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, with AWS_SESSION_TOKEN for temporary ones, "
      "to a key that may call bedrock:InvokeModelWithResponseStream in AWS_REGION. A clock that is "
      "wrong by minutes spoils every signature.";
  hints.address = "Check AWS_REGION and BEDROCK_BASE_URL: not every region has Bedrock.";
  hints.model =
      "Ask for access to the model in the console of Bedrock, in the region of AWS_REGION. Many "
      "models are only there as an inference profile, whose name begins with a part of the world, "
      "as in us.anthropic.claude-haiku-4-5-20251001-v1:0.";
  ErrorContext context = error_context(call, std::move(hints));
  context.secrets = {call.provider.access_key_id, call.provider.session_token};
  return std::make_unique<BedrockCodec>(std::move(context), call.limits);
}

}  // namespace weir::provider
