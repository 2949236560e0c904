#include "weir/provider/embeddings.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/sha256.hpp"

namespace weir::provider {
namespace {

Provider provider_of(Provider::Kind kind, std::string base_url) {
  Provider provider;
  provider.name = "p";
  provider.kind = kind;
  provider.base_url = std::move(base_url);
  provider.api_key = "sk-test-key";
  provider.api_version = "2024-10-21";
  provider.region = "us-east-1";
  return provider;
}

EmbeddingRequest texts(std::vector<std::string> texts) {
  EmbeddingRequest request;
  request.texts = std::move(texts);
  return request;
}

std::string value(const HttpRequest& request, std::string_view name) {
  for (const Header& header : request.headers) {
    if (header.name == name) return header.value;
  }
  return "(none)";
}

using Vectors = std::vector<std::vector<float>>;

struct Case {
  Provider provider;
  std::string model;
  EmbeddingRequest request;
  std::string url;
  std::string body;
  std::string response;
  Vectors vectors;
  std::uint32_t tokens;
};

EmbeddingRequest two_in_three_dimensions() {
  EmbeddingRequest request = texts({"a", "b\n"});
  request.dimensions = 3;
  return request;
}

std::vector<Case> cases() {
  using Kind = Provider::Kind;
  const std::string openai_body =
      R"({"model":"m","input":["a","b\n"],"encoding_format":"float","dimensions":3})";
  const std::string openai_response =
      R"({"object":"list","data":[{"index":1,"embedding":[0.5,-2]},{"index":0,"embedding":)"
      R"([1,1e-3]}],"usage":{"prompt_tokens":4,"total_tokens":4}})";
  const Vectors both = {{1, 1e-3F}, {0.5F, -2}};
  return {
      {provider_of(Kind::openai, "http://p/v1"), "m", two_in_three_dimensions(),
       "http://p/v1/embeddings", openai_body, openai_response, both, 4},
      {provider_of(Kind::openrouter, "http://p/api/v1"), "m", two_in_three_dimensions(),
       "http://p/api/v1/embeddings", openai_body, openai_response, both, 4},
      {provider_of(Kind::azure, "http://p"), "m", two_in_three_dimensions(),
       "http://p/openai/deployments/m/embeddings?api-version=2024-10-21", openai_body,
       openai_response, both, 4},
      {provider_of(Kind::dashscope, "http://p/compatible-mode/v1"), "m", two_in_three_dimensions(),
       "http://p/compatible-mode/v1/embeddings", openai_body, openai_response, both, 4},
      {provider_of(Kind::dashscope, "http://p/api/v1"), "m", two_in_three_dimensions(),
       "http://p/api/v1/services/embeddings/text-embedding/text-embedding",
       R"({"model":"m","input":{"texts":["a","b\n"]},"parameters":{"output_type":"dense",)"
       R"("dimension":3}})",
       R"({"output":{"embeddings":[{"text_index":0,"embedding":[1,0.001]},{"text_index":1,)"
       R"("embedding":[0.5,-2]}]},"usage":{"total_tokens":4}})",
       both, 4},
      {provider_of(Kind::google, "http://p/v1beta"), "gemini-embedding-001",
       two_in_three_dimensions(), "http://p/v1beta/models/gemini-embedding-001:batchEmbedContents",
       R"({"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a"}]},)"
       R"("outputDimensionality":3},{"model":"models/gemini-embedding-001","content":{"parts":)"
       R"([{"text":"b\n"}]},"outputDimensionality":3}]})",
       R"({"embeddings":[{"values":[1,0.001]},{"values":[0.5,-2]}]})", both, 0},
      {provider_of(Kind::ollama, "http://p"), "m", two_in_three_dimensions(), "http://p/api/embed",
       R"({"model":"m","input":["a","b\n"],"truncate":false,"dimensions":3})",
       R"({"model":"m","embeddings":[[1,0.001],[0.5,-2]],"prompt_eval_count":4})", both, 4},
      {provider_of(Kind::bedrock, "http://p"),
       "amazon.titan-embed-text-v2:0",
       texts({"a"}),
       "http://p/model/amazon.titan-embed-text-v2%3A0/invoke",
       R"({"inputText":"a"})",
       R"({"embedding":[1,0.001],"inputTextTokenCount":4})",
       {{1, 1e-3F}},
       4},
      {provider_of(Kind::bedrock, "http://p"), "cohere.embed-v4:0", texts({"a", "b\n"}),
       "http://p/model/cohere.embed-v4%3A0/invoke",
       R"({"texts":["a","b\n"],"input_type":"search_document"})",
       R"({"embeddings":{"float":[[1,0.001],[0.5,-2]]}})", both, 0},
  };
}

TEST(Embeddings, AreAskedForAndReadInEachProvidersForm) {
  for (const Case& each : cases()) {
    EXPECT_TRUE(check_embedding(each.provider, each.model, each.request)) << each.url;
    const HttpRequest request = embedding_request(each.provider, each.model, each.request);
    EXPECT_EQ(request.url, each.url);
    EXPECT_EQ(request.body, each.body);
    const auto read =
        read_embeddings(each.provider, each.model, each.request, {}, {200, {}, each.response});
    const auto* embeddings = std::get_if<provider::Embeddings>(&read);
    ASSERT_TRUE(embeddings) << each.url;
    EXPECT_EQ(embeddings->vectors, each.vectors) << each.url;
    EXPECT_EQ(embeddings->prompt_tokens, each.tokens) << each.url;
  }
}

TEST(Embeddings, CarryTheKeyInTheProvidersHeader) {
  using Kind = Provider::Kind;
  const std::pair<Kind, std::string_view> keys[] = {
      {Kind::openai, "authorization"}, {Kind::azure, "api-key"}, {Kind::google, "x-goog-api-key"}};
  for (const auto& [kind, name] : keys) {
    const Provider provider = provider_of(kind, "http://p");
    EXPECT_NE(value(embedding_request(provider, "m", texts({"a"})), name).find("sk-test-key"),
              std::string::npos);
  }
  Attempt attempt;
  attempt.unix_seconds = 1'440'938'160;
  attempt.digests = &testing::digests;
  const Provider bedrock = provider_of(Kind::bedrock, "http://p");
  const HttpRequest signed_one =
      embedding_request(bedrock, "amazon.titan-embed-text-v2:0", texts({"a"}), attempt);
  EXPECT_EQ(value(signed_one, "authorization").substr(0, 16), "AWS4-HMAC-SHA256");
}

TEST(Embeddings, TakeTokensWhereTheProviderDoes) {
  EmbeddingRequest request;
  request.tokens = {{1, 2}, {3}};
  const Provider openai = provider_of(Provider::Kind::openai, "http://p");
  EXPECT_EQ(embedding_request(openai, "m", request).body,
            R"({"model":"m","input":[[1,2],[3]],"encoding_format":"float"})");
  const auto google = check_embedding(provider_of(Provider::Kind::google, ""), "m", request);
  ASSERT_FALSE(google);
  EXPECT_EQ(google.error().message,
            "p takes texts only: input must be a string or an array of strings.");
}

TEST(Embeddings, AreNotEveryProviders) {
  for (const auto kind :
       {Provider::Kind::anthropic, Provider::Kind::extract, Provider::Kind::bedrock}) {
    const auto can = check_embedding(provider_of(kind, ""), "some.chat-model", texts({"a"}));
    ASSERT_FALSE(can);
    EXPECT_EQ(can.error().code, ErrorCode::invalid_request);
  }
}

TEST(Embeddings, ComeInBatches) {
  const EmbeddingRequest all = two_in_three_dimensions();
  EXPECT_EQ(all.part(1, 5).texts, std::vector<std::string>{"b\n"});
  EXPECT_EQ(all.part(1, 5).dimensions, 3U);
  const Provider google = provider_of(Provider::Kind::google, "");
  EXPECT_EQ(embedding_batch(google, "m"), 100U);
}

stream::Failed failure(Provider::Kind kind, HttpResponse response) {
  const auto read = read_embeddings(provider_of(kind, "http://p"), "m", texts({"a"}), {}, response);
  const auto* failed = std::get_if<stream::Failed>(&read);
  if (!failed) ADD_FAILURE() << "no failure";
  return failed ? *failed : stream::Failed{};
}

TEST(Embeddings, FailAsAnAnswerOfTheProviderFails) {
  const stream::Failed refused = failure(
      Provider::Kind::openai, {401, {}, R"({"error":{"message":"no","code":"invalid_api_key"}})"});
  EXPECT_EQ(refused.error.code, ErrorCode::provider_auth);
  const stream::Failed limited =
      failure(Provider::Kind::openai,
              {429, {{"retry-after", "7"}}, R"({"error":{"code":"rate_limit_exceeded"}})"});
  EXPECT_EQ(limited.error.code, ErrorCode::provider_quota);
  EXPECT_EQ(limited.retry_after, std::chrono::seconds(7));
  EXPECT_EQ(
      failure(Provider::Kind::ollama, {404, {}, R"({"error":"model 'm' not found"})"}).error.code,
      ErrorCode::provider_model_missing);
}

TEST(Embeddings, AreRefusedWhereTheyAreNotWhole) {
  for (const std::string_view body :
       {"<html>", "{}", R"({"data":[]})", R"({"data":[{"embedding":[]}]})",
        R"({"data":[{"embedding":["x"]}]})", R"({"data":[{"index":1,"embedding":[1]}]})",
        R"({"data":[{"embedding":"AAA="}]})"}) {
    EXPECT_EQ(failure(Provider::Kind::openai, {200, {}, std::string(body)}).error.code,
              ErrorCode::provider_error)
        << body;
  }
}

TEST(Embeddings, AreReadFromBase64Too) {
  const auto read = read_embeddings(provider_of(Provider::Kind::openai, ""), "m", texts({"a"}), {},
                                    {200, {}, R"({"data":[{"embedding":"AACAPwAAAMA="}]})"});
  const auto* embeddings = std::get_if<provider::Embeddings>(&read);
  ASSERT_TRUE(embeddings);
  EXPECT_EQ(embeddings->vectors, (Vectors{{1, -2}}));
}

}  // namespace
}  // namespace weir::provider
