#include "weir/provider/embeddings.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/provider/call.hpp"
#include "weir/provider/embedding_forms.hpp"
#include "weir/provider/json_members.hpp"
#include "weir/provider/lenient_json.hpp"

namespace weir::provider {
namespace {

Error cannot(const Provider& provider, std::string_view what, std::string_view hint) {
  return {ErrorCode::invalid_request, provider.name + " " + std::string(what), std::string(hint)};
}

/// The reading of a refusal is that of the provider's answers.
stream::Failed refusal(const Provider& provider, const std::string& model, const Attempt& attempt,
                       const HttpResponse& response) {
  Model asked;
  asked.id = model;
  const prompt::Prompt nothing;
  const limits::Provider limits;
  const Start chat = start(provider, asked, nothing, limits, attempt);
  std::vector<stream::Event> events;
  chat.codec->head(response.status, response.headers, events);
  chat.codec->bytes(response.body, events);
  chat.codec->end(true, events);
  for (const stream::Event& event : events) {
    if (const auto* failed = std::get_if<stream::Failed>(&event)) return *failed;
  }
  return cut({provider.name, model, "", ""});
}

}  // namespace

EmbeddingRequest EmbeddingRequest::part(std::size_t begin, std::size_t count) const {
  EmbeddingRequest out;
  out.dimensions = dimensions;
  const auto take = [&](const auto& from, auto& to) {
    if (from.empty()) return;
    const auto first = from.begin() + static_cast<std::ptrdiff_t>(begin);
    to.assign(first, first + static_cast<std::ptrdiff_t>(std::min(count, from.size() - begin)));
  };
  take(texts, out.texts);
  take(tokens, out.tokens);
  return out;
}

Result<void> check_embedding(const Provider& provider, std::string_view model,
                             const EmbeddingRequest& request) {
  const EmbeddingForm* form = embedding_form(provider, model);
  if (!form) {
    return cannot(provider, "has no embeddings that the edge can ask for, or not by this model.",
                  "Name a model of openai, azure, openrouter, dashscope, google or ollama, or a "
                  "Titan or Cohere model of bedrock, as in openai/text-embedding-3-small.");
  }
  if (!request.tokens.empty() && !form->takes_tokens) {
    return cannot(provider, "takes texts only: input must be a string or an array of strings.",
                  "Send the texts themselves.");
  }
  if (request.dimensions && !form->takes_dimensions) {
    return cannot(provider, "knows no dimensions for this model.", "Leave dimensions out.");
  }
  return {};
}

std::size_t embedding_batch(const Provider& provider, std::string_view model) {
  const EmbeddingForm* form = embedding_form(provider, model);
  return form ? form->batch : 1;
}

HttpRequest embedding_request(const Provider& provider, const std::string& model,
                              const EmbeddingRequest& request, const Attempt& attempt) {
  const EmbeddingForm* form = embedding_form(provider, model);
  WEIR_ASSERT(form && request.size() <= form->batch);
  return form->write({provider, model, request, attempt});
}

std::variant<Embeddings, stream::Failed> read_embeddings(const Provider& provider,
                                                         const std::string& model,
                                                         const EmbeddingRequest& request,
                                                         const Attempt& attempt,
                                                         const HttpResponse& response) {
  constexpr int first_success = 200;
  constexpr int first_other = 300;
  const EmbeddingForm* form = embedding_form(provider, model);
  if (response.status < first_success || response.status >= first_other) {
    return refusal(provider, model, attempt, response);
  }
  const auto body = json::parse(response.body);
  Embeddings out;
  out.vectors.resize(request.size());
  const bool read = body && body->is_object() && form->read(*body, out);
  const auto is_empty = [](const std::vector<float>& vector) { return vector.empty(); };
  if (!read || std::any_of(out.vectors.begin(), out.vectors.end(), is_empty)) {
    ErrorContext context;
    context.provider = provider.name;
    context.model = model;
    return not_its_protocol(context, "list of embeddings");
  }
  return out;
}

}  // namespace weir::provider
