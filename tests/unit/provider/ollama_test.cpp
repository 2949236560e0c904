#include "weir/provider/ollama.hpp"

#include <gtest/gtest.h>

namespace weir::provider {
namespace {

std::uint32_t context_for(std::uint32_t prompt_tokens, std::uint32_t percent = 100) {
  Model model;
  model.budget = {40'960, 1'000};
  model.estimate_percent = percent;
  prompt::Prompt prompt;
  prompt.tokens = prompt_tokens;
  return ollama_context_tokens(model, prompt);
}

TEST(OllamaContext, HasRoomForPromptAndAnswerInSteps) {
  EXPECT_EQ(context_for(1), 4'096u);
  EXPECT_EQ(context_for(3'096), 4'096u);
  EXPECT_EQ(context_for(3'097), 8'192u);
  EXPECT_EQ(context_for(3'098), context_for(7'000)) << "the model is not loaded anew";
}

TEST(OllamaContext, IsLargerWhereTokensAreEstimated) {
  EXPECT_EQ(context_for(3'000, 120), 8'192u);
}

TEST(OllamaContext, IsNoLargerThanTheModels) {
  EXPECT_EQ(context_for(60'000), 40'960u);
  EXPECT_EQ(context_for(UINT32_MAX, 400), 40'960u);
}

}  // namespace
}  // namespace weir::provider
