#include "weir/json/json.hpp"
#include "weir/provider/openai.hpp"

namespace weir::provider {
namespace {

/// Answers should keep to the passages. Written as text: both builds then send the same bytes.
constexpr std::string_view temperature = "0.2";

void append_messages(std::string& out, const std::vector<prompt::Message>& messages) {
  out += "\"messages\":[";
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (i > 0) out += ',';
    out += "{\"role\":\"";
    out += prompt::name(messages[i].role);
    out += "\",\"content\":";
    json::append_string(out, messages[i].content);
    out += '}';
  }
  out += ']';
}

/// Enough for nearly every prompt: escapes of line ends and quotes take little room.
std::size_t expected_bytes(const Model& model, const prompt::Prompt& prompt) {
  constexpr std::size_t around = 200;
  constexpr std::size_t around_message = 40;
  std::size_t bytes = around + model.id.size();
  for (const prompt::Message& message : prompt.messages) {
    bytes += around_message + message.content.size() + message.content.size() / 16;
  }
  return bytes;
}

/// - `stream_options.include_usage`: one more chunk before [DONE] holds the usage
///   (https://platform.openai.com/docs/api-reference/chat/create#chat_create-stream_options).
/// - `max_completion_tokens` takes the place of the deprecated `max_tokens`, which reasoning models
///   refuse; they refuse any `temperature` but 1 as well
///   (https://platform.openai.com/docs/guides/reasoning).
/// - For a model that is not known neither is sent: its limits and its rules are its server's.
std::string body(const Model& model, const prompt::Prompt& prompt) {
  std::string out;
  out.reserve(expected_bytes(model, prompt));
  out += "{\"model\":";
  json::append_string(out, model.id);
  out += ',';
  append_messages(out, prompt.messages);
  out += ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
  if (model.known) {
    out += ",\"max_completion_tokens\":" + std::to_string(model.budget.answer_tokens);
    if (!model.reasoning_model) out.append(",\"temperature\":").append(temperature);
  }
  out += '}';
  return out;
}

}  // namespace

HttpRequest openai_request(const Provider& provider, const Model& model,
                           const prompt::Prompt& prompt) {
  HttpRequest request;
  request.url = provider.base_url + "/chat/completions";
  request.headers.reserve(3);
  request.headers.push_back({"content-type", "application/json"});
  request.headers.push_back({"accept", "text/event-stream"});
  if (!provider.api_key.empty()) {
    request.headers.push_back({"authorization", "Bearer " + provider.api_key});
  }
  request.body = body(model, prompt);
  return request;
}

}  // namespace weir::provider
