#include "weir/provider/google.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "weir/json/json.hpp"
#include "weir/provider/conversation.hpp"
#include "weir/provider/google_errors.hpp"
#include "weir/provider/json_members.hpp"
#include "weir/provider/response.hpp"
#include "weir/provider/tools.hpp"
#include "weir/provider/url.hpp"
#include "weir/text/ascii.hpp"

namespace weir::provider {
namespace {

// -- the request

void begin_part(std::string& out, std::string_view beginning, std::string_view text) {
  if (out.back() != '[') out += ',';
  out += beginning;
  json::append_string(out, text);
}

/// A result that is no object is the `output` of one
/// (https://ai.google.dev/api/caching#FunctionResponse).
void append_result(std::string& out, const Conversation::Result& result) {
  begin_part(out, R"({"functionResponse":{"name":)", result.name);
  if (!result.id.empty()) append_text_setting(out, "id", result.id);
  const auto object = json::parse(result.text);
  if (object && object->is_object()) {
    append_setting(out, "response", result.text);
  } else {
    out += ",\"response\":{\"output\":";
    json::append_string(out, result.text);
    out += '}';
  }
  out += "}}";
}

/// What the model thought before it called is not kept. Gemini 3 refuses a step's first call
/// without it, unless told to do without
/// (https://ai.google.dev/gemini-api/docs/thought-signatures, "FAQs"); others know no such rule.
constexpr std::string_view without_thoughts = "\"skip_thought_signature_validator\"";

bool wants_thoughts(const Model& model) {
  return contains(model.id, "gemini-3");
}

void append_call(std::string& out, const prompt::ToolCall& call, bool marked) {
  begin_part(out, R"({"functionCall":{"name":)", call.name);
  if (!call.id.empty()) append_text_setting(out, "id", call.id);
  append_arguments(out += ",\"args\":", call.arguments);
  out += '}';
  if (marked) append_setting(out, "thoughtSignature", without_thoughts);
  out += '}';
}

void append_turn(std::string& out, const Conversation::Turn& turn, const Model& model) {
  out += turn.user ? R"({"role":"user","parts":[)" : R"({"role":"model","parts":[)";
  for (const Conversation::Result& result : turn.results) append_result(out, result);
  if (!turn.text.empty()) {
    begin_part(out, "{\"text\":", turn.text);
    out += '}';
  }
  for (const prompt::ToolCall& call : turn.calls) {
    append_call(out, call, wants_thoughts(model) && &call == &turn.calls.front());
  }
  out += "]}";
}

void append_contents(std::string& out, const Conversation& conversation, const Model& model) {
  if (!conversation.system.empty()) {
    out += "\"systemInstruction\":{\"parts\":[{\"text\":";
    json::append_string(out, conversation.system);
    out += "}]},";
  }
  out += "\"contents\":[";
  for (std::size_t i = 0; i < conversation.turns.size(); ++i) {
    if (i > 0) out += ',';
    append_turn(out, conversation.turns[i], model);
  }
  out += ']';
}

/// Which functions may be called is told apart from what they are
/// (https://ai.google.dev/api/caching#FunctionCallingConfig). Whether several at once is not.
void append_tools(std::string& out, const prompt::Prompt& prompt) {
  using Mode = prompt::ToolChoice::Mode;
  if (prompt.tools.empty()) return;
  out += R"(,"tools":[{"functionDeclarations":[)";
  for (const prompt::Tool& tool : prompt.tools) {
    out += &tool == &prompt.tools.front() ? "{" : ",{";
    append_tool_members(out, tool, "parametersJsonSchema");
    out += '}';
  }
  out += "]}]";
  if (prompt.tool_choice.mode == Mode::automatic) return;
  out += R"(,"toolConfig":{"functionCallingConfig":{"mode":)";
  out += prompt.tool_choice.mode == Mode::none ? "\"NONE\"" : "\"ANY\"";
  if (prompt.tool_choice.mode == Mode::named) {
    out += ",\"allowedFunctionNames\":[";
    json::append_string(out, prompt.tool_choice.name);
    out += ']';
  }
  out += "}}";
}

/// How hard the model thinks, as Google's own OpenAI interface translates it
/// (https://ai.google.dev/gemini-api/docs/openai#thinking): a level for Gemini 3, which always
/// thinks, a number of tokens for 2.5, of which Pro cannot but think a little.
std::string effort_of(std::string_view effort, const Model& model) {
  if (effort.empty()) return "";
  const bool little = effort == "none" || effort == "minimal" || effort == "low";
  if (contains(model.id, "gemini-3")) {
    const std::string_view level = little ? "LOW" : effort == "medium" ? "MEDIUM" : "HIGH";
    return ",\"thinkingLevel\":\"" + std::string(level) + "\"";
  }
  std::string_view tokens = little ? "1024" : effort == "medium" ? "8192" : "24576";
  if (effort == "none") tokens = contains(model.id, "pro") ? "128" : "0";
  return ",\"thinkingBudget\":" + std::string(tokens);
}

/// `includeThoughts` is refused by models that do not think
/// (https://ai.google.dev/gemini-api/docs/thinking).
void append_thinking(std::string& out, const Call& call) {
  if (!call.model.reasoning_model) return;
  const std::string& effort = call.generation().reasoning_effort;
  std::string members = effort == "none" ? "" : ",\"includeThoughts\":true";
  members += effort_of(effort, call.model);
  append_setting(out, "thinkingConfig", "{" + members.substr(1) + "}");
}

/// https://ai.google.dev/gemini-api/docs/structured-output
void append_format(std::string& out, const prompt::Generation& generation) {
  using Format = prompt::Generation::Format;
  if (generation.format == Format::text) return;
  append_setting(out, "responseMimeType", "\"application/json\"");
  append_setting(out, "responseJsonSchema", generation.format_schema);
}

/// https://ai.google.dev/api/generate-content#generationconfig
void append_generation_config(std::string& out, const Call& call) {
  const prompt::Generation& generation = call.generation();
  std::string members;
  append_setting(members, "maxOutputTokens", call.answer_tokens());
  append_setting(members, "temperature", call.temperature());
  append_setting(members, "topP", call.top_p());
  append_setting(members, "frequencyPenalty", generation.frequency_penalty);
  append_setting(members, "presencePenalty", generation.presence_penalty);
  append_setting(members, "seed", generation.seed);
  append_text_settings(members, "stopSequences", generation.stop);
  append_format(members, generation);
  append_thinking(members, call);
  if (!members.empty()) append_setting(out, "generationConfig", "{" + members.substr(1) + "}");
}

// -- the response

/// What FinishReason (https://ai.google.dev/api/generate-content#FinishReason) is in our words;
/// others stay what they are.
std::string finish_reason_of(std::string_view reason, bool called_tools) {
  if (reason == "STOP") return called_tools ? "tool_calls" : "stop";
  if (reason == "MAX_TOKENS") return "length";
  for (const std::string_view filter : {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT",
                                        "SPII", "IMAGE_SAFETY", "MODEL_ARMOR"}) {
    if (reason == filter) return "content_filter";
  }
  return text::to_lower(reason);
}

class GoogleCodec : public EventStreamCodec {
 public:
  using EventStreamCodec::EventStreamCodec;

 protected:
  stream::Failed refusal(int status, const std::vector<Header>& headers,
                         std::string_view body) const override {
    return google_refusal(context(), status, headers, body);
  }

  stream::Failed error_in(const json::Value& object) const override {
    return google_error(context(), *member(object, "error"));
  }

  std::string_view messages_are() const override { return "Gemini response"; }

  void take(std::string_view event, const json::Value& response, Events& out) override {
    (void)event;
    if (member(response, "error")) return fail(error_in(response), out);
    take_usage(response);
    for (const json::Value& candidate : elements(response, "candidates")) {
      if (json::integer_or(candidate, "index", 0) == 0) take_candidate(candidate, out);
    }
    // A blocked prompt has no candidates.
    if (const json::Value* feedback = member(response, "promptFeedback")) {
      const std::string reason = json::string_or(*feedback, "blockReason");
      if (!reason.empty()) fail(google_blocked(context(), reason), out);
    }
  }

 private:
  /// The parts of `totalTokenCount` are prompt, candidates and thoughts; each chunk has the counts
  /// so far (https://ai.google.dev/api/generate-content#UsageMetadata).
  void take_usage(const json::Value& response) {
    const json::Value* counts = member(response, "usageMetadata");
    if (!counts) return;
    usage({count_or_zero(*counts, "promptTokenCount"),
           count_or_zero(*counts, "candidatesTokenCount") +
               count_or_zero(*counts, "thoughtsTokenCount")});
  }

  void take_candidate(const json::Value& candidate, Events& out) {
    if (const json::Value* content = member(candidate, "content")) {
      for (const json::Value& part : elements(*content, "parts")) take_part(part, out);
    }
    // Models before 2.0 name a reason in every chunk: the end is the response's end.
    const std::string reason = json::string_or(candidate, "finishReason");
    if (!reason.empty() && reason != "FINISH_REASON_UNSPECIFIED") {
      finish_reason(finish_reason_of(reason, tool_calls_ > 0));
    }
  }

  void take_part(const json::Value& part, Events& out) {
    std::string text = json::string_or(part, "text");
    if (json::boolean_or(part, "thought", false)) {
      reasoning(std::move(text), out);
    } else {
      delta(std::move(text), out);
    }
    const json::Value* call = member(part, "functionCall");
    if (!call) return;
    const json::Value* arguments = member(*call, "args");
    tool_call({tool_calls_++, json::string_or(*call, "id"), json::string_or(*call, "name"),
               arguments ? json::write(*arguments) : "{}"},
              out);
  }

  std::uint32_t tool_calls_ = 0;
};

}  // namespace

/// Tuned models stand in a collection of their own; a plain name is one of `models`, as js-genai's
/// src/_transformers.ts (tModel) has it.
std::string google_resource(std::string_view id) {
  for (const std::string_view collection : {"models/", "tunedModels/"}) {
    if (id.substr(0, collection.size()) != collection) continue;
    return std::string(collection) + percent_encode(id.substr(collection.size()));
  }
  return "models/" + percent_encode(id);
}

HttpRequest google_request(const Call& call) {
  HttpRequest request;
  request.url = call.provider.base_url + "/" + google_resource(call.model.id) +
                ":streamGenerateContent?alt=sse";
  request.headers = {{"content-type", "application/json"}, {"accept", "text/event-stream"}};
  if (!call.key().empty()) request.headers.push_back({"x-goog-api-key", call.key()});
  request.body = "{";
  append_contents(request.body, conversation_of(call.prompt, call.attempt.prefix), call.model);
  append_tools(request.body, call.prompt);
  append_generation_config(request.body, call);
  request.body += '}';
  return request;
}

std::unique_ptr<StreamCodec> google_codec(const Call& call) {
  Hints hints;
  hints.key = "Set GOOGLE_API_KEY to a valid key; https://aistudio.google.com/apikey makes one.";
  hints.address =
      "Check GOOGLE_BASE_URL: it ends with the version part, as in "
      "https://generativelanguage.googleapis.com/v1beta.";
  return std::make_unique<GoogleCodec>(error_context(call, std::move(hints)), call.limits);
}

}  // namespace weir::provider
