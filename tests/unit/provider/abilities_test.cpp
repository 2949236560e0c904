#include "weir/provider/abilities.hpp"

#include <gtest/gtest.h>

namespace weir::provider {
namespace {

using Kind = Provider::Kind;

/// The error's message; empty where the provider can do it.
std::string refusal(Kind kind, const prompt::ChatRequest& request) {
  Provider provider;
  provider.name = "p";
  provider.kind = kind;
  const auto able = check_abilities(provider, request);
  if (able) return "";
  EXPECT_EQ(able.error().code, ErrorCode::invalid_request);
  return able.error().message;
}

TEST(Abilities, NameWhatAProviderCannotDo) {
  prompt::ChatRequest penalty;
  penalty.generation.frequency_penalty = "1";
  EXPECT_EQ(refusal(Kind::anthropic, penalty), "p cannot do what frequency_penalty asks for.");
  EXPECT_EQ(refusal(Kind::openai, penalty), "");
  prompt::ChatRequest json;
  json.generation.format = prompt::Generation::Format::json_object;
  EXPECT_EQ(refusal(Kind::bedrock, json), "p cannot do what response_format asks for.");
  json.generation.format = prompt::Generation::Format::json_schema;
  EXPECT_EQ(refusal(Kind::bedrock, json), "");
  prompt::ChatRequest tools;
  tools.tools = {{"a", "", "", false}};
  EXPECT_EQ(refusal(Kind::extract, tools), "p cannot do what tools asks for.");
  tools.tool_choice.mode = prompt::ToolChoice::Mode::required;
  EXPECT_EQ(refusal(Kind::ollama, tools), "p cannot do what tool_choice asks for.");
  EXPECT_EQ(refusal(Kind::dashscope, tools), "p cannot do what tool_choice asks for.");
  tools.tool_choice.mode = prompt::ToolChoice::Mode::named;
  EXPECT_EQ(refusal(Kind::dashscope, tools), "");
}

TEST(Abilities, PassOverHints) {
  prompt::ChatRequest request;
  request.generation.seed = "1";
  request.generation.reasoning_effort = "low";
  request.tool_choice.parallel = false;
  for (const Kind kind : {Kind::anthropic, Kind::bedrock, Kind::ollama, Kind::extract}) {
    EXPECT_EQ(refusal(kind, request), "");
  }
}

}  // namespace
}  // namespace weir::provider
