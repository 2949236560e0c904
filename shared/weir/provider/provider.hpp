#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/prompt/builder.hpp"
#include "weir/stream/event.hpp"

/// One codec per provider: a prompt becomes a request, the response's bytes become events. Pure:
/// the edge owns sockets, TLS and time.
namespace weir::provider {

struct Header {
  std::string name;
  std::string value;

  friend bool operator==(const Header&, const Header&) = default;
};

/// An HTTP request for the host to send. Holds secrets: never log it.
struct HttpRequest {
  std::string method = "POST";
  std::string url;  ///< absolute, http or https
  std::vector<Header> headers;
  std::string body;
};

/// Reads one provider response. The host feeds the status, then bytes split anywhere, then the end.
/// Exactly one event that ends the answer comes out, by end() at the latest; what is fed after it
/// is ignored.
class StreamCodec {
 public:
  virtual ~StreamCodec() = default;

  /// `headers` with lower-case names.
  virtual void head(int status, const std::vector<Header>& headers,
                    std::vector<stream::Event>& out) = 0;
  virtual void bytes(std::string_view bytes, std::vector<stream::Event>& out) = 0;
  /// `clean`: the response ended as HTTP says it should; otherwise the connection broke.
  virtual void end(bool clean, std::vector<stream::Event>& out) = 0;
};

/// An answer composed in place, without a network: next() gives events until one ends the answer.
class LocalStream {
 public:
  virtual ~LocalStream() = default;
  virtual stream::Event next() = 0;
};

/// A running answer is one of the two.
struct Start {
  std::optional<HttpRequest> request;  ///< with `codec`
  std::unique_ptr<StreamCodec> codec;
  std::unique_ptr<LocalStream> local;
};

/// What a million tokens cost.
struct TokenPrice {
  double input = 0;
  double output = 0;
  std::string currency;  ///< ISO 4217: "USD"
};

/// What is known of a model.
struct Model {
  std::string id;
  prompt::Budget budget;
  tokens::EncodingName encoding = tokens::EncodingName::o200k_base;
  bool exact = true;  ///< the encoding is the model's own, not an estimate
  /// So many of the model's own tokens 100 of the encoding come to, on the safe side.
  std::uint32_t estimate_percent = 100;
  /// By so much an estimate was off, at most, where it was measured; empty: nobody could.
  std::optional<std::uint32_t> error_percent;
  bool known = false;             ///< listed: its limits are facts, not the default
  bool reasoning_model = false;   ///< it thinks before it answers
  bool continues_prefix = false;  ///< it can go on behind the beginning of an answer
  /// What is sent for how freely it chooses its words: JSON numbers, so that both builds send the
  /// same bytes; empty: none, it takes its own.
  std::string temperature;
  std::string top_p;
  std::optional<TokenPrice> price;  ///< where the operator says it
};

/// What is known of a model for embeddings.
struct EmbeddingModel {
  std::string id;
  std::optional<tokens::EncodingName> encoding;  ///< its own; nothing: it is not public
  std::optional<TokenPrice> price;               ///< of what it is given; it puts out nothing
};

/// A provider as configured.
struct Provider {
  enum class Kind : std::uint8_t {
    extract,
    openai,
    google,
    anthropic,
    ollama,
    azure,
    openrouter,
    dashscope,
    bedrock
  };
  std::string name;  ///< as clients name it: "extract", "openai"
  Kind kind = Kind::extract;
  std::string base_url;                ///< with the version part, without a slash at the end
  std::string api_key;                 ///< a secret
  std::vector<std::string> more_keys;  ///< secrets: where several keys take turns, the others
  std::string api_version;             ///< azure: "2024-10-21"
  std::string region;                  ///< bedrock: "us-east-1"
  std::string access_key_id;           ///< bedrock: whose secret `api_key` is
  std::string session_token;    ///< bedrock: a secret, of temporary credentials; may be empty
  std::string routing;          ///< openrouter: the `provider` object of a request; may be empty
  std::vector<Header> headers;  ///< openrouter: further ones of each request, who asks above all
  std::string default_model;
  std::vector<Model> models;  ///< known ones; another id is passed on with the default budget
  std::vector<EmbeddingModel> embeddings;  ///< known ones, likewise
};

/// Environment variables by name, or nothing.
using Environment = std::optional<std::string> (*)(std::string_view name);

/// What this edge can ask. Order matters: the first is the default.
struct Catalog {
  std::vector<Provider> providers;

  /// The provider and model a request names (empty: the default), or `invalid_request` naming the
  /// field and what is there instead.
  Result<std::pair<const Provider*, Model>> choose(std::string_view provider,
                                                   std::string_view model) const;
};

/// Providers that the environment configures, then `extract`. Each is configured by NAME_API_KEY
/// (several keys with commas between them are used in turn), and NAME_BASE_URL says where else it
/// is asked. For `openai` an address alone is enough: that is how any compatible server is asked.
/// Others have variables of their own:
///
///     azure       AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY, AZURE_OPENAI_VERSION
///     bedrock     AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION
///     ollama      OLLAMA_HOST
///     openrouter  OPENROUTER_SITE_URL (who asks), OPENROUTER_PROVIDERS (who may answer, in order)
Catalog catalog_from_environment(Environment environment);
/// `extract` alone: what a browser has when it is offline.
Catalog offline_catalog();

/// What signs a request. The host has it from a library; only a host that holds keys needs it.
struct Digests {
  using Digest = std::array<std::uint8_t, 32>;
  Digest (*sha256)(std::string_view text) = nullptr;                             ///< FIPS 180-4
  Digest (*hmac_sha256)(std::string_view key, std::string_view text) = nullptr;  ///< RFC 2104
};

/// What differs from one call for an answer to the next.
struct Attempt {
  std::size_t key = 0;            ///< 0: Provider::api_key, then more_keys in their order
  std::int64_t unix_seconds = 0;  ///< bedrock: the wall clock's time, which its signature carries
  const Digests* digests = nullptr;  ///< bedrock
  /// The answer so far, behind which the model goes on: for models that can
  /// (Model::continues_prefix).
  std::string prefix;
};

/// What to do where the provider cannot be connected to.
std::string unreachable_hint(const Provider& provider);

/// Begins an answer with this provider and model.
Start start(const Provider& provider, const Model& model, const prompt::Prompt& prompt,
            const limits::Provider& limits, const Attempt& attempt = {});

/// A further question to the provider that makes a failure clearer, where there is one: which
/// models an Ollama server has, where it lacks the one that was asked for. Its codec gives one
/// event, the failure, clearer or as it was.
std::optional<Start> explain(const Provider& provider, const Model& model,
                             const stream::Failed& failed, const limits::Provider& limits,
                             const Attempt& attempt);

}  // namespace weir::provider
