#include "weir/provider/dashscope.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "weir/json/json.hpp"
#include "weir/provider/conversation.hpp"
#include "weir/provider/json_members.hpp"
#include "weir/provider/lenient_json.hpp"
#include "weir/provider/openai.hpp"
#include "weir/provider/openai_errors.hpp"
#include "weir/provider/response.hpp"
#include "weir/provider/tools.hpp"

namespace weir::provider {
namespace {

bool speaks_compatible(const Provider& dashscope) {
  return contains(dashscope.base_url, "/compatible-mode/");
}

/// The message that is to be continued says so; models that think must not then
/// (https://www.alibabacloud.com/help/en/model-studio/partial-mode).
constexpr MessageDialect dialect_of_messages = {",\"partial\":true"};

/// https://www.alibabacloud.com/help/en/model-studio/deep-thinking: there are no levels of it, and
/// what is written as JSON is not thought about
/// (https://www.alibabacloud.com/help/en/model-studio/json-mode).
void append_thinking(std::string& out, const Call& call) {
  if (!call.model.reasoning_model) return;
  const bool text = call.generation().format == prompt::Generation::Format::text;
  append_setting(out, "enable_thinking", call.thinks() && text ? "true" : "false");
}

// -- errors (https://www.alibabacloud.com/help/en/model-studio/error-code): both interfaces have
// the same codes, one in PascalCase, one in snake_case

std::optional<Cause> cause_of(const ErrorReport& report) {
  const auto is = [&](std::string_view code) { return report.code == code; };
  if (is("DataInspectionFailed") || is("data_inspection_failed")) return Cause::blocked;
  if (is("Arrearage") || contains(report.code, "FreeTierOnly")) return Cause::quota_used_up;
  // "You exceeded your current quota" is said of a minute's tokens here.
  if (contains(report.code, "Throttling") || is("limit_requests") || is("insufficient_quota")) {
    return Cause::rate_limited;
  }
  if (contains(report.message, "Range of input length should be")) return Cause::context_too_long;
  if (is("ModelNotFound") || is("model_not_found")) return Cause::model_missing;
  if (is("InvalidApiKey") || contains(report.code, "AccessDenied")) return Cause::refused;
  if (is("RequestTimeOut") || is("ResponseTimeout")) return Cause::timed_out;
  if (contains(report.code, "InternalError") || is("ServiceUnavailable") || is("SystemError")) {
    return Cause::passing;
  }
  return std::nullopt;
}

// -- its own interface

/// Without `incremental_output` each event repeats the text so far.
std::string own_body(const Call& call) {
  std::string out = "{\"model\":";
  json::append_string(out, call.model.id);
  out += ",\"input\":{\"messages\":";
  append_messages(out, call.prompt.messages, call.attempt.prefix, dialect_of_messages);
  out += "},\"parameters\":{\"result_format\":\"message\",\"incremental_output\":true";
  append_setting(out, "max_tokens", call.answer_tokens());
  append_setting(out, "temperature", call.temperature());
  append_setting(out, "top_p", call.top_p());
  append_generation(out, call.generation());
  append_response_format(out, call.generation());
  append_thinking(out, call);
  append_tools(out, call.prompt.tools);
  append_tool_choice(out, call.prompt);
  return out + "}}";
}

class DashscopeCodec : public EventStreamCodec {
 public:
  using EventStreamCodec::EventStreamCodec;

 protected:
  /// {"code":"...","message":"..."}, without an `error` around it.
  stream::Failed refusal(int status, const std::vector<Header>& headers,
                         std::string_view body) const override {
    return classify_response(context(), status, headers, body);
  }

  stream::Failed error_in(const json::Value& object) const override {
    const json::Value* error = member(object, "error");
    return classify_error(context(), error ? *error : object);
  }

  std::string_view messages_are() const override { return "DashScope result"; }

  void take(std::string_view event, const json::Value& result, Events& out) override {
    const json::Value* output = member(result, "output");
    if (event == "error" || (!output && member(result, "code"))) return fail(error_in(result), out);
    if (const json::Value* counts = member(result, "usage")) {
      usage({count_or_zero(*counts, "input_tokens"), count_or_zero(*counts, "output_tokens")});
    }
    if (!output) return;
    for (const json::Value& choice : elements(*output, "choices")) take_choice(choice, out);
  }

 private:
  /// While the model goes on, `finish_reason` is the string "null".
  void take_choice(const json::Value& choice, Events& out) {
    if (const json::Value* message = member(choice, "message")) {
      reasoning(json::string_or(*message, "reasoning_content"), out);
      delta(json::string_or(*message, "content"), out);
      for (const json::Value& call : elements(*message, "tool_calls")) take_tool_call(call, out);
    }
    const std::string reason = json::string_or(choice, "finish_reason");
    if (!reason.empty() && reason != "null") finish_reason(reason);
  }

  void take_tool_call(const json::Value& call, Events& out) const {
    const json::Value* function = member(call, "function");
    if (!function) return;
    tool_call({count_or_zero(call, "index"), json::string_or(call, "id"),
               json::string_or(*function, "name"), json::string_or(*function, "arguments")},
              out);
  }
};

}  // namespace

HttpRequest dashscope_request(const Call& call) {
  if (speaks_compatible(call.provider)) {
    OpenAiDialect dialect;
    dialect.output_limit = "max_tokens";
    dialect.reasoning_effort = false;
    dialect.messages = dialect_of_messages;
    append_thinking(dialect.more, call);
    return openai_request(call, "/chat/completions", openai_body(call, dialect));
  }
  HttpRequest request =
      openai_request(call, "/services/aigc/text-generation/generation", own_body(call));
  request.headers.push_back({"x-dashscope-sse", "enable"});
  return request;
}

std::unique_ptr<StreamCodec> dashscope_codec(const Call& call) {
  Hints hints;
  hints.key = "Set DASHSCOPE_API_KEY to a valid key of the region that DASHSCOPE_BASE_URL names.";
  hints.address =
      "Check DASHSCOPE_BASE_URL: it is like https://dashscope.aliyuncs.com/compatible-mode/v1.";
  ErrorContext context = error_context(call, std::move(hints));
  context.own_cause = cause_of;
  if (speaks_compatible(call.provider)) return openai_codec(std::move(context), call.limits);
  return std::make_unique<DashscopeCodec>(std::move(context), call.limits);
}

}  // namespace weir::provider
