#include "weir/provider/ollama.hpp"

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
#include "weir/sse/lines.hpp"

namespace weir::provider {
namespace {

/// How long the model stays in memory after an answer: longer than Ollama's own 5 minutes, since
/// people read an answer before they ask on.
constexpr std::string_view keep_alive = "\"15m\"";

// -- the request

/// Without a limit Ollama's answers have none.
std::uint32_t answer_tokens(const Model& model, const prompt::Prompt& prompt) {
  const std::uint32_t most = model.budget.answer_tokens;
  return std::min(prompt.generation.answer_tokens.value_or(most), most);
}

/// https://docs.ollama.com/capabilities/structured-outputs: a word, or a schema in its place.
void append_format(std::string& out, const prompt::Generation& generation) {
  using Format = prompt::Generation::Format;
  if (generation.format == Format::json_object) append_setting(out, "format", "\"json\"");
  if (generation.format == Format::json_schema) {
    append_setting(out, "format", generation.format_schema);
  }
}

/// Ollama takes a prompt's middle out where it does not fit and says nothing; `truncate` false
/// makes it an error (ollama/ollama, api/types.go, ChatRequest, since 0.12.6), and older versions
/// pass it over.
/// An assistant's message at the end is continued (ollama/ollama, issue 6778). `think` is an error
/// for models that do not think, so it is sent to those that are known to. Whether tools are called
/// is the model's choice: where none is to be, none is offered.
std::string body(const Call& call) {
  std::string out = "{\"model\":";
  json::append_string(out, call.model.id);
  out += ",\"messages\":";
  append_messages(out, call.prompt.messages, call.attempt.prefix, {{}, true});
  if (call.prompt.tool_choice.mode != prompt::ToolChoice::Mode::none) {
    append_tools(out, call.prompt.tools);
  }
  append_setting(out, "stream", "true");
  append_setting(out, "truncate", "false");
  append_setting(out, "keep_alive", keep_alive);
  if (call.model.reasoning_model) append_setting(out, "think", call.thinks() ? "true" : "false");
  append_format(out, call.generation());
  out += ",\"options\":{\"num_ctx\":";
  out += std::to_string(ollama_context_tokens(call.model, call.prompt));
  append_setting(out, "num_predict", std::to_string(answer_tokens(call.model, call.prompt)));
  append_setting(out, "temperature", call.temperature());
  append_setting(out, "top_p", call.top_p());
  append_generation(out, call.generation());
  return out + "}}";
}

// -- errors (https://docs.ollama.com/api/errors): a status and {"error":"..."}, in words only

Cause cause_of(const ErrorReport& report) {
  if (contains(report.message, "longer than the context length") ||
      contains(report.message, "exceeds the available context size")) {
    return Cause::context_too_long;
  }
  // `model "x" not found, try pulling it first`, `model 'x' not found`
  const bool missing = contains(report.message, "not found") && contains(report.message, "model");
  if (missing && (report.status == 404 || report.status == 0)) return Cause::model_missing;
  // Inside a stream there is no status: the model's process failed, and is started anew.
  if (report.status == 0) return Cause::passing;
  return cause_of_status(report.status);
}

stream::Failed classify(const ErrorContext& context, int status, std::string message,
                        const std::vector<Header>& headers) {
  ErrorReport report;
  report.status = status;
  report.message = std::move(message);
  report.retry_after = retry_after(headers);
  const Cause cause = cause_of(report);
  stream::Failed out = failed(context, cause, report);
  // More memory does not come by waiting ("model requires more system memory (5.6 GiB) than is
  // available (3.1 GiB)").
  if (contains(report.message, "requires more system memory")) {
    out.retryable = false;
    out.error.hint = "Choose a smaller model, or stop others: ollama ps lists those in memory.";
  }
  return out;
}

// -- the response

class OllamaCodec : public ResponseCodec {
 public:
  OllamaCodec(ErrorContext context, const limits::Provider& limits)
      : ResponseCodec(std::move(context), limits), lines_(limits.line_bytes) {}

 protected:
  stream::Failed refusal(int status, const std::vector<Header>& headers,
                         std::string_view body) const override {
    const auto value = parse_lenient(body);
    std::string message = value ? json::string_or(*value, "error") : std::string(words_of(body));
    return classify(context(), status, std::move(message), headers);
  }

  void read(std::string_view bytes, Events& out) override {
    lines_.feed(bytes);
    take_lines(out);
  }

  void read_rest(Events& out) override {
    lines_.finish();
    take_lines(out);
  }

 private:
  void take_lines(Events& out) {
    while (!ended()) {
      const auto line = lines_.next();
      if (!line) break;
      take_line(*line, out);
    }
    if (lines_.error() && !ended()) fail(message_too_large(context(), limits().line_bytes), out);
  }

  void take_line(std::string_view line, Events& out) {
    const auto object = parse_lenient(line);
    if (!object || !object->is_object()) {
      if (!at_end()) fail(provider::not_its_protocol(context(), "Ollama answer"), out);
      return;
    }
    if (member(*object, "error")) {
      return fail(classify(context(), 0, json::string_or(*object, "error"), {}), out);
    }
    if (const json::Value* message = member(*object, "message")) take_message(*message, out);
    if (json::boolean_or(*object, "done", false)) take_end(*object, out);
  }

  void take_message(const json::Value& message, Events& out) {
    reasoning(json::string_or(message, "thinking"), out);
    delta(json::string_or(message, "content"), out);
    for (const json::Value& call : elements(message, "tool_calls")) {
      const json::Value* function = member(call, "function");
      if (!function) continue;
      const json::Value* arguments = member(*function, "arguments");
      tool_call({tool_calls_++, json::string_or(call, "id"), json::string_or(*function, "name"),
                 arguments ? json::write(*arguments) : "{}"},
                out);
    }
  }

  /// The last line has the counts; a prompt that was in the cache as a whole is not counted.
  void take_end(const json::Value& object, Events& out) {
    usage({count_or_zero(object, "prompt_eval_count"), count_or_zero(object, "eval_count")});
    const std::string reason = json::string_or(object, "done_reason", "stop");
    finish_reason(tool_calls_ > 0 && reason == "stop" ? "tool_calls" : reason);
    finish(out);
  }

  sse::LineReader lines_;
  std::uint32_t tool_calls_ = 0;
};

}  // namespace

std::uint32_t ollama_context_tokens(const Model& model, const prompt::Prompt& prompt) {
  constexpr std::uint64_t step = 4096;
  const std::uint64_t prompt_tokens = std::uint64_t{prompt.tokens} * model.estimate_percent / 100;
  const std::uint64_t needed = prompt_tokens + answer_tokens(model, prompt);
  const std::uint64_t stepped = (needed + step - 1) / step * step;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(stepped, model.budget.context_tokens));
}

/// A server of one's own takes no key; ollama.com and proxies do.
std::vector<Header> ollama_headers(const Call& call) {
  if (call.key().empty()) return {};
  return {{"authorization", "Bearer " + call.key()}};
}

HttpRequest ollama_request(const Call& call) {
  HttpRequest request;
  request.url = call.provider.base_url + "/api/chat";
  request.headers = ollama_headers(call);
  request.headers.push_back({"content-type", "application/json"});
  request.headers.push_back({"accept", "application/x-ndjson"});
  request.body = body(call);
  return request;
}

std::unique_ptr<StreamCodec> ollama_codec(const Call& call) {
  Hints hints;
  hints.key = "Set OLLAMA_API_KEY to a key of the server at OLLAMA_HOST.";
  hints.address =
      "Check OLLAMA_HOST: it is the server's address alone, as in http://localhost:11434.";
  hints.model = "Get it with: ollama pull " + call.model.id + " (ollama list shows what is there).";
  return std::make_unique<OllamaCodec>(error_context(call, std::move(hints)), call.limits);
}

}  // namespace weir::provider
