#include "weir/wire/embedding.hpp"

#include <gtest/gtest.h>

namespace weir::wire {
namespace {

TEST(EmbeddingRequest, TakesTextsAndTokens) {
  const auto one = read_embedding_request(R"({"model":"m","input":"a"})");
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->texts, std::vector<std::string>{"a"});
  EXPECT_FALSE(one->base64);
  const auto many = read_embedding_request(
      R"({"model":"m","input":["a","b"],"dimensions":3,"encoding_format":"base64"})");
  ASSERT_TRUE(many) << many.error().message;
  EXPECT_EQ(many->texts.size(), 2U);
  EXPECT_EQ(many->dimensions, 3U);
  EXPECT_TRUE(many->base64);
  using Tokens = std::vector<std::vector<std::uint32_t>>;
  const auto tokens = read_embedding_request(R"({"model":"m","input":[1,2]})");
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->tokens, (Tokens{{1, 2}}));
  const auto lists = read_embedding_request(R"({"model":"m","input":[[1,2],[3]]})");
  ASSERT_TRUE(lists);
  EXPECT_EQ(lists->tokens, (Tokens{{1, 2}, {3}}));
}

TEST(EmbeddingRequest, NamesWhatIsWrong) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"input":"a"})", "model is missing."},
      {R"({"model":"m"})", "input is missing."},
      {R"({"model":"m","input":[]})", "input must be not empty."},
      {R"({"model":"m","input":""})", "input must be texts that are not empty."},
      {R"({"model":"m","input":["a",1]})", "input must be a string."},
      {R"({"model":"m","input":[[1],[]]})",
       "input must be a string, an array of strings, an array of tokens or an array of such "
       "arrays."},
      {R"({"model":"m","input":"a","dimensions":0})", "dimensions must be a whole number, from 1."},
      {R"({"model":"m","input":"a","encoding_format":"hex"})",
       "encoding_format must be float or base64."},
      {R"([])", "The request must be a JSON object."}};
  for (const auto& [json, message] : cases) {
    const auto request = read_embedding_request(json);
    ASSERT_FALSE(request) << json;
    EXPECT_EQ(request.error().message, message);
  }
}

TEST(EmbeddingRequest, KeepsToItsLimits) {
  limits::Request small;
  small.embedding_inputs = 1;
  small.embedding_tokens = 1;
  for (const std::string_view input : {R"(["a","b"])", "[1,2]"}) {
    const auto request =
        read_embedding_request(R"({"model":"m","input":)" + std::string(input) + "}", small);
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().code, ErrorCode::request_too_large);
  }
}

TEST(Embeddings, AreWrittenAsNumbersOrAsBytes) {
  const std::vector<std::vector<float>> vectors = {{0.1F, -2}, {1e-9F, 0}};
  EXPECT_EQ(write_embeddings("m", vectors, 7, false),
            R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-2.0]},)"
            R"({"object":"embedding","index":1,"embedding":[1e-09,0.0]}],"model":"m",)"
            R"("usage":{"prompt_tokens":7,"total_tokens":7}})");
  EXPECT_EQ(write_embeddings("m", {{1}}, 0, true),
            R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPw=="}],)"
            R"("model":"m","usage":{"prompt_tokens":0,"total_tokens":0}})");
}

}  // namespace
}  // namespace weir::wire
