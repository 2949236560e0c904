#include "weir/provider/conversation.hpp"

#include <gtest/gtest.h>

#include "weir/json/json.hpp"
#include "weir/provider/provider.hpp"

namespace weir::provider {
namespace {

prompt::Prompt prompt_of(std::vector<prompt::Message> messages) {
  prompt::Prompt prompt;
  prompt.messages = std::move(messages);
  return prompt;
}

TEST(Conversation, TakesTurnsAndKeepsTheSystemsWordsApart) {
  using prompt::Role;
  const Conversation conversation = conversation_of(prompt_of({{Role::system, "Be brief."},
                                                               {Role::assistant, "Hi!"},
                                                               {Role::user, "One"},
                                                               {Role::user, "Two"},
                                                               {Role::system, "Be kind."},
                                                               {Role::assistant, ""},
                                                               {Role::user, "Three"}}),
                                                    "");
  EXPECT_EQ(conversation.system, "Be brief.\n\nBe kind.");
  std::string turns;
  for (const auto& turn : conversation.turns) {
    turns += (turn.user ? "user: " : "assistant: ") + turn.text + "|";
  }
  EXPECT_EQ(turns, "user: Hello.|assistant: Hi!|user: One\n\nTwo\n\nThree|");
}

// -- how providers are asked to go on behind the beginning of an answer

json::Value body_of(Provider::Kind kind, std::string base_url, std::string prefix) {
  Provider provider;
  provider.kind = kind;
  provider.base_url = std::move(base_url);
  Model model;
  model.id = "m";
  model.known = true;
  model.reasoning_model = true;
  Attempt attempt;
  attempt.prefix = std::move(prefix);
  const auto prompt = prompt_of({{prompt::Role::user, "Why?"}});
  const auto body = json::parse(start(provider, model, prompt, {}, attempt).request->body);
  EXPECT_TRUE(body);
  return body ? *body : json::Value();
}

TEST(Prefix, IsTheLastWordOfTheAssistant) {
  for (const auto kind : {Provider::Kind::openai, Provider::Kind::azure, Provider::Kind::ollama,
                          Provider::Kind::openrouter, Provider::Kind::anthropic}) {
    EXPECT_EQ(json::write(body_of(kind, "http://p", "Because")["messages"].back()),
              R"({"role":"assistant","content":"Because"})");
  }
  EXPECT_EQ(json::write(body_of(Provider::Kind::google, "http://p", "Because")["contents"].back()),
            R"({"role":"model","parts":[{"text":"Because"}]})");
  EXPECT_EQ(json::write(body_of(Provider::Kind::bedrock, "http://p", "Because")["messages"].back()),
            R"({"role":"assistant","content":[{"text":"Because"}]})");
}

TEST(Prefix, IsMarkedForDashscope) {
  constexpr const char* message = R"({"role":"assistant","content":"Because","partial":true})";
  const auto body = [](std::string base_url) {
    return body_of(Provider::Kind::dashscope, std::move(base_url), "Because");
  };
  const json::Value compatible = body("http://p/compatible-mode/v1");
  EXPECT_EQ(json::write(compatible["messages"].back()), message);
  EXPECT_EQ(compatible["enable_thinking"], false);
  const json::Value own = body("http://p/api/v1");
  EXPECT_EQ(json::write(own["input"]["messages"].back()), message);
  EXPECT_EQ(own["parameters"]["enable_thinking"], false);
}

TEST(Prefix, IsNotThoughtAboutAgain) {
  const auto ollama = [](std::string prefix) {
    return body_of(Provider::Kind::ollama, "http://p", std::move(prefix));
  };
  EXPECT_EQ(ollama("")["think"], true);
  EXPECT_EQ(ollama("Because")["think"], false);
  const auto anthropic = [](std::string prefix) {
    return body_of(Provider::Kind::anthropic, "http://p", std::move(prefix));
  };
  EXPECT_EQ(json::write(anthropic("")["thinking"]),
            R"({"type":"adaptive","display":"summarized"})");
  EXPECT_FALSE(anthropic("Because").contains("thinking"));
}

TEST(Prefix, EndsWithoutBlanksForAnthropic) {
  EXPECT_EQ(
      body_of(Provider::Kind::anthropic, "http://p", "Because \n")["messages"].back()["content"],
      "Because");
}

}  // namespace
}  // namespace weir::provider
