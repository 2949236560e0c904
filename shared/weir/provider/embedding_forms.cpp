#include "weir/provider/embedding_forms.hpp"

#include <cstring>
#include <optional>
#include <utility>

#include "weir/base/base64.hpp"
#include "weir/provider/aws_signature.hpp"
#include "weir/provider/azure.hpp"
#include "weir/provider/call.hpp"
#include "weir/provider/google.hpp"
#include "weir/provider/json_members.hpp"
#include "weir/provider/url.hpp"

namespace weir::provider {
namespace {

/// Where a provider sets no lower bound: responses stay at a few megabytes.
constexpr std::size_t batch_most = 128;

// -- writing

HttpRequest json_request(std::string url, std::string body) {
  HttpRequest request;
  request.url = std::move(url);
  request.headers = {{"content-type", "application/json"}, {"accept", "application/json"}};
  request.body = std::move(body);
  return request;
}

void add_bearer(HttpRequest& request, const EmbeddingCall& call) {
  const std::string& key = key_of(call.provider, call.attempt);
  if (!key.empty()) request.headers.push_back({"authorization", "Bearer " + key});
}

void append_texts(std::string& out, const std::vector<std::string>& texts) {
  out += '[';
  for (const std::string& text : texts) {
    if (&text != &texts.front()) out += ',';
    json::append_string(out, text);
  }
  out += ']';
}

void append_tokens(std::string& out, const std::vector<std::vector<std::uint32_t>>& inputs) {
  out += '[';
  for (const auto& tokens : inputs) {
    out += &tokens == &inputs.front() ? "[" : ",[";
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (i > 0) out += ',';
      out += std::to_string(tokens[i]);
    }
    out += ']';
  }
  out += ']';
}

void append_dimensions(std::string& out, std::string_view name, const EmbeddingRequest& request) {
  if (request.dimensions) append_setting(out, name, std::to_string(*request.dimensions));
}

std::string begin_body(const EmbeddingCall& call, std::string_view next) {
  std::string out = "{\"model\":";
  json::append_string(out, call.model);
  return out.append(",").append(next);
}

// -- reading

/// An array of numbers; or, where that was asked for, 32-bit floats of the little-endian kind in
/// base64, which is passed over no more than what is: some servers send it unasked.
std::optional<std::vector<float>> vector_of(const json::Value& value) {
  std::vector<float> out;
  if (value.is_string()) {
    const auto bytes = from_base64(value.get_ref<const std::string&>());
    if (!bytes || bytes->size() % sizeof(float) != 0) return std::nullopt;
    out.resize(bytes->size() / sizeof(float));
    if (!out.empty()) std::memcpy(out.data(), bytes->data(), bytes->size());
    return out;
  }
  if (!value.is_array()) return std::nullopt;
  out.reserve(value.size());
  for (const json::Value& number : value) {
    if (!number.is_number()) return std::nullopt;
    out.push_back(static_cast<float>(number.get<double>()));
  }
  return out;
}

bool put(Embeddings& out, std::size_t index, const json::Value* value) {
  auto vector = value ? vector_of(*value) : std::nullopt;
  if (!vector || index >= out.vectors.size()) return false;
  out.vectors[index] = *std::move(vector);
  return true;
}

/// Objects in order, or with their places: {"index":0,"embedding":[...]}.
bool read_list(const json::Value& list, std::string_view index, std::string_view name,
               Embeddings& out) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::int64_t at = json::integer_or(list[i], index, static_cast<std::int64_t>(i));
    if (at < 0 || !put(out, static_cast<std::size_t>(at), member(list[i], name))) return false;
  }
  return true;
}

bool read_vectors(const json::Value& vectors, Embeddings& out) {
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    if (!put(out, i, &vectors[i])) return false;
  }
  return true;
}

void read_usage(const json::Value& response, std::string_view name, Embeddings& out) {
  if (const json::Value* usage = member(response, "usage")) {
    out.prompt_tokens = count_or_zero(*usage, name);
  }
}

// -- OpenAI's interface

std::string openai_body(const EmbeddingCall& call) {
  std::string out = begin_body(call, "\"input\":");
  if (call.request.tokens.empty()) {
    append_texts(out, call.request.texts);
  } else {
    append_tokens(out, call.request.tokens);
  }
  append_setting(out, "encoding_format", "\"float\"");
  append_dimensions(out, "dimensions", call.request);
  return out + "}";
}

HttpRequest write_openai(const EmbeddingCall& call) {
  HttpRequest request = json_request(call.provider.base_url + "/embeddings", openai_body(call));
  add_bearer(request, call);
  const auto& more = call.provider.headers;
  request.headers.insert(request.headers.end(), more.begin(), more.end());
  return request;
}

HttpRequest write_azure(const EmbeddingCall& call) {
  HttpRequest request =
      json_request(call.provider.base_url + azure_path(call.provider, call.model, "/embeddings"),
                   openai_body(call));
  request.headers.push_back({"api-key", key_of(call.provider, call.attempt)});
  return request;
}

bool read_openai(const json::Value& response, Embeddings& out) {
  read_usage(response, "prompt_tokens", out);
  return read_list(elements(response, "data"), "index", "embedding", out);
}

// -- DashScope's own

HttpRequest write_dashscope(const EmbeddingCall& call) {
  std::string body = begin_body(call, "\"input\":{\"texts\":");
  append_texts(body, call.request.texts);
  body += "},\"parameters\":{\"output_type\":\"dense\"";
  append_dimensions(body, "dimension", call.request);
  HttpRequest request = json_request(
      call.provider.base_url + "/services/embeddings/text-embedding/text-embedding", body + "}}");
  add_bearer(request, call);
  return request;
}

bool read_dashscope(const json::Value& response, Embeddings& out) {
  read_usage(response, "total_tokens", out);
  const json::Value* output = member(response, "output");
  return output && read_list(elements(*output, "embeddings"), "text_index", "embedding", out);
}

// -- Gemini's

/// Each text is a request of its own, which names the model again.
HttpRequest write_google(const EmbeddingCall& call) {
  std::string body = "{\"requests\":[";
  for (const std::string& text : call.request.texts) {
    body += &text == &call.request.texts.front() ? "{\"model\":" : ",{\"model\":";
    json::append_string(body, google_resource(call.model));
    body += ",\"content\":{\"parts\":[{\"text\":";
    json::append_string(body, text);
    body += "}]}";
    append_dimensions(body, "outputDimensionality", call.request);
    body += '}';
  }
  HttpRequest request = json_request(
      call.provider.base_url + "/" + google_resource(call.model) + ":batchEmbedContents",
      body + "]}");
  const std::string& key = key_of(call.provider, call.attempt);
  if (!key.empty()) request.headers.push_back({"x-goog-api-key", key});
  return request;
}

bool read_google(const json::Value& response, Embeddings& out) {
  return read_list(elements(response, "embeddings"), "", "values", out);
}

// -- Ollama's

/// `truncate` false: what is too long is an error, not cut without a word.
HttpRequest write_ollama(const EmbeddingCall& call) {
  std::string body = begin_body(call, "\"input\":");
  append_texts(body, call.request.texts);
  append_setting(body, "truncate", "false");
  append_dimensions(body, "dimensions", call.request);
  HttpRequest request = json_request(call.provider.base_url + "/api/embed", body + "}");
  add_bearer(request, call);
  return request;
}

bool read_ollama(const json::Value& response, Embeddings& out) {
  out.prompt_tokens = count_or_zero(response, "prompt_eval_count");
  return read_vectors(elements(response, "embeddings"), out);
}

// -- Bedrock's: each vendor's models have a form of their own

HttpRequest invoke(const EmbeddingCall& call, std::string body) {
  const Provider& bedrock = call.provider;
  HttpRequest request = json_request(
      bedrock.base_url + "/model/" + percent_encode(call.model) + "/invoke", std::move(body));
  if (call.attempt.digests) {
    sign(request, {bedrock.access_key_id, key_of(bedrock, call.attempt), bedrock.session_token},
         bedrock.region, "bedrock", call.attempt.unix_seconds, *call.attempt.digests);
  }
  return request;
}

HttpRequest write_titan(const EmbeddingCall& call) {
  std::string body = "{\"inputText\":";
  json::append_string(body, call.request.texts.front());
  append_dimensions(body, "dimensions", call.request);
  return invoke(call, body + "}");
}

bool read_titan(const json::Value& response, Embeddings& out) {
  out.prompt_tokens = count_or_zero(response, "inputTextTokenCount");
  return put(out, 0, member(response, "embedding"));
}

/// `input_type` is required. Documents and questions are told apart by it, but OpenAI's interface
/// does not say which it is: what is stored is most of it.
HttpRequest write_cohere(const EmbeddingCall& call) {
  std::string body = "{\"texts\":";
  append_texts(body, call.request.texts);
  append_setting(body, "input_type", "\"search_document\"");
  return invoke(call, body + "}");
}

/// The vectors, or in newer models an object that has them by their kind.
bool read_cohere(const json::Value& response, Embeddings& out) {
  const json::Value* embeddings = member(response, "embeddings");
  if (!embeddings) return false;
  return read_vectors(embeddings->is_array() ? *embeddings : elements(*embeddings, "float"), out);
}

// -- which is whose

constexpr EmbeddingForm openai_form{batch_most, true, true, write_openai, read_openai};
constexpr EmbeddingForm azure_form{batch_most, true, true, write_azure, read_openai};
/// https://www.alibabacloud.com/help/en/model-studio/embedding: at most 10 texts.
constexpr EmbeddingForm dashscope_compatible_form{10, false, true, write_openai, read_openai};
constexpr EmbeddingForm dashscope_form{10, false, true, write_dashscope, read_dashscope};
/// At most 100 requests in a batch.
constexpr EmbeddingForm google_form{100, false, true, write_google, read_google};
constexpr EmbeddingForm ollama_form{batch_most, false, true, write_ollama, read_ollama};
constexpr EmbeddingForm titan_form{1, false, true, write_titan, read_titan};
constexpr EmbeddingForm cohere_form{96, false, false, write_cohere, read_cohere};

}  // namespace

const EmbeddingForm* embedding_form(const Provider& provider, std::string_view model) {
  switch (provider.kind) {
    case Provider::Kind::openai:
    case Provider::Kind::openrouter:
      return &openai_form;
    case Provider::Kind::azure:
      return &azure_form;
    case Provider::Kind::dashscope:
      return contains(provider.base_url, "/compatible-mode/") ? &dashscope_compatible_form
                                                              : &dashscope_form;
    case Provider::Kind::google:
      return &google_form;
    case Provider::Kind::ollama:
      return &ollama_form;
    case Provider::Kind::bedrock:
      if (contains(model, "titan-embed")) return &titan_form;
      if (contains(model, "cohere.embed")) return &cohere_form;
      return nullptr;
    case Provider::Kind::anthropic:
    case Provider::Kind::extract:
      break;
  }
  return nullptr;
}

}  // namespace weir::provider
