#include "weir/json/json.hpp"
#include "weir/provider/call.hpp"
#include "weir/provider/conversation.hpp"
#include "weir/provider/openai.hpp"

namespace weir::provider {
namespace {

/// - `stream_options.include_usage`: one more chunk before [DONE] holds the usage
///   (https://platform.openai.com/docs/api-reference/chat/create#chat_create-stream_options).
/// - `max_completion_tokens` takes the place of the deprecated `max_tokens`, which reasoning models
///   refuse; they refuse any `temperature` but 1 as well
///   (https://platform.openai.com/docs/guides/reasoning).
/// - For a model that is not known neither is sent: its limits and its rules are its server's.
std::string body(const Model& model, const prompt::Prompt& prompt) {
  std::string out = "{\"model\":";
  json::append_string(out, model.id);
  out += ",\"messages\":";
  append_messages(out, prompt.messages);
  out += ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
  if (model.known) {
    out += ",\"max_completion_tokens\":" + std::to_string(model.budget.answer_tokens);
    append_setting(out, "temperature", model.temperature);
  }
  return out + "}";
}

}  // namespace

HttpRequest openai_request(const Provider& provider, const Model& model,
                           const prompt::Prompt& prompt) {
  HttpRequest request;
  request.url = provider.base_url + "/chat/completions";
  request.headers = {{"content-type", "application/json"}, {"accept", "text/event-stream"}};
  if (!provider.api_key.empty()) {
    request.headers.push_back({"authorization", "Bearer " + provider.api_key});
  }
  request.body = body(model, prompt);
  return request;
}

}  // namespace weir::provider
