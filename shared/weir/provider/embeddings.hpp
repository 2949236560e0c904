#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weir/provider/provider.hpp"

/// Texts become vectors. One call is one request and one whole response, so these are functions,
/// without a codec's state: whoever makes the calls (the edge for its clients, a command for a
/// whole repository) divides what it has into batches and repeats what failed.
///
///     openai, azure, openrouter, dashscope (compatible mode)
///                 https://platform.openai.com/docs/api-reference/embeddings
///     dashscope   https://www.alibabacloud.com/help/en/model-studio/text-embedding-synchronous-api
///     google      https://ai.google.dev/api/embeddings#method:-models.batchembedcontents
///     ollama      https://docs.ollama.com/api/embed
///     bedrock
///     https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
///                 https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html
namespace weir::provider {

struct EmbeddingRequest {
  std::vector<std::string> texts;
  /// In their place: tokens of the model's own encoding, as OpenAI's interface alone takes them.
  std::vector<std::vector<std::uint32_t>> tokens;
  std::optional<std::uint32_t> dimensions;

  std::size_t size() const { return texts.size() + tokens.size(); }
  /// A part of it, with the same settings.
  EmbeddingRequest part(std::size_t begin, std::size_t count) const;
};

struct Embeddings {
  std::vector<std::vector<float>> vectors;  ///< in the order of the request
  std::uint32_t prompt_tokens = 0;          ///< as the provider counts them; 0: it does not tell
};

/// A provider's whole response; header names in lower case.
struct HttpResponse {
  int status = 0;
  std::vector<Header> headers;
  std::string body;
};

/// `invalid_request` where this provider has no embeddings, or not for this model or this request.
Result<void> check_embedding(const Provider& provider, std::string_view model,
                             const EmbeddingRequest& request);
/// So many inputs go into one call: as many as the provider takes, and no more than keeps its
/// response of moderate size.
std::size_t embedding_batch(const Provider& provider, std::string_view model);

/// The request of one call. What it asks was checked, and is no more than a batch.
HttpRequest embedding_request(const Provider& provider, const std::string& model,
                              const EmbeddingRequest& request, const Attempt& attempt = {});
/// Reads its response. Failures are those of an answer of this provider.
std::variant<Embeddings, stream::Failed> read_embeddings(const Provider& provider,
                                                         const std::string& model,
                                                         const EmbeddingRequest& request,
                                                         const Attempt& attempt,
                                                         const HttpResponse& response);

}  // namespace weir::provider
