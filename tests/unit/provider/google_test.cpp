#include "weir/provider/google.hpp"

#include <gtest/gtest.h>

#include "weir/json/json.hpp"

// What the transcripts in tests/spec/google cannot say: other models than theirs.
namespace weir::provider {
namespace {

HttpRequest request_for(const Model& model) {
  Provider google;
  google.kind = Provider::Kind::google;
  google.base_url = "https://g";
  prompt::Prompt prompt;
  prompt.messages = {{prompt::Role::user, "Why?"}};
  return *start(google, model, prompt, {}).request;
}

std::string path_for(std::string id) {
  Model model;
  model.id = std::move(id);
  const std::string url = request_for(model).url;
  const std::string end = ":streamGenerateContent?alt=sse";
  EXPECT_EQ(url.substr(url.size() - end.size()), end);
  return url.substr(0, url.size() - end.size());
}

TEST(GoogleRequest, NamesAModelInItsCollection) {
  EXPECT_EQ(path_for("gemini-2.5-pro"), "https://g/models/gemini-2.5-pro");
  EXPECT_EQ(path_for("models/gemini-2.5-pro"), "https://g/models/gemini-2.5-pro");
  EXPECT_EQ(path_for("tunedModels/mine"), "https://g/tunedModels/mine");
  EXPECT_EQ(path_for("../files?x#y"), "https://g/models/..%2Ffiles%3Fx%23y");
}

TEST(GoogleRequest, LeavesAnUnknownModelItsOwnSettings) {
  Model model;
  model.id = "gemini-9";
  const auto body = json::parse(request_for(model).body);
  ASSERT_TRUE(body);
  EXPECT_FALSE(body->contains("generationConfig"));
  EXPECT_FALSE(body->contains("systemInstruction"));
}

TEST(GoogleRequest, AsksOnlyModelsThatThinkForTheirThoughts) {
  Model model;
  model.id = "gemini-2.0-flash";
  model.known = true;
  const auto body = json::parse(request_for(model).body);
  ASSERT_TRUE(body);
  EXPECT_FALSE((*body)["generationConfig"].contains("thinkingConfig"));
}

}  // namespace
}  // namespace weir::provider
