#include <utility>

#include "weir/json/json.hpp"
#include "weir/provider/openai.hpp"
#include "weir/provider/tools.hpp"

namespace weir::provider {

/// - `stream_options.include_usage`: one more chunk before [DONE] holds the usage
///   (https://platform.openai.com/docs/api-reference/chat/create#chat_create-stream_options).
/// - `max_completion_tokens` takes the place of the deprecated `max_tokens`, which reasoning models
///   refuse; they refuse any `temperature` but 1 as well
///   (https://platform.openai.com/docs/guides/reasoning).
/// - For a model that is not known neither is sent unless the request says it: its limits and its
///   rules are its server's.
std::string openai_body(const Call& call, const OpenAiDialect& dialect) {
  std::string out = "{\"model\":";
  json::append_string(out, call.model.id);
  out += ",\"messages\":";
  append_messages(out, call.prompt.messages, call.attempt.prefix, dialect.messages);
  append_tools(out, call.prompt.tools);
  append_tool_choice(out, call.prompt);
  append_setting(out, "stream", "true");
  append_setting(out, "stream_options", "{\"include_usage\":true}");
  append_setting(out, dialect.output_limit, call.answer_tokens());
  append_setting(out, "temperature", call.temperature());
  append_setting(out, "top_p", call.top_p());
  append_generation(out, call.generation());
  if (dialect.reasoning_effort && !call.generation().reasoning_effort.empty()) {
    append_text_setting(out, "reasoning_effort", call.generation().reasoning_effort);
  }
  append_response_format(out, call.generation());
  out.append(dialect.more).append("}");
  return out;
}

HttpRequest openai_request(const Call& call, std::string_view path, std::string body) {
  HttpRequest request;
  request.url = call.provider.base_url + std::string(path);
  const auto& more = call.provider.headers;
  request.headers.reserve(3 + more.size());
  request.headers.push_back({"content-type", "application/json"});
  request.headers.push_back({"accept", "text/event-stream"});
  if (!call.key().empty()) request.headers.push_back({"authorization", "Bearer " + call.key()});
  request.headers.insert(request.headers.end(), more.begin(), more.end());
  request.body = std::move(body);
  return request;
}

HttpRequest openai_request(const Call& call) {
  return openai_request(call, "/chat/completions", openai_body(call, {}));
}

std::unique_ptr<StreamCodec> openai_codec(const Call& call) {
  Hints hints;
  hints.key = "Set OPENAI_API_KEY to a valid key of the server at OPENAI_BASE_URL.";
  hints.address =
      "Check OPENAI_BASE_URL: it ends with the version part, as in https://api.openai.com/v1.";
  return openai_codec(error_context(call, std::move(hints)), call.limits);
}

}  // namespace weir::provider
