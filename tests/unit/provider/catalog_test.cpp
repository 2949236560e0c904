#include <gtest/gtest.h>

#include <map>

#include "weir/provider/models.hpp"
#include "weir/provider/provider.hpp"

namespace weir::provider {
namespace {

std::map<std::string, std::string, std::less<>>& variables() {
  static std::map<std::string, std::string, std::less<>> variables;
  return variables;
}

std::optional<std::string> environment(std::string_view name) {
  const auto found = variables().find(name);
  if (found == variables().end()) return std::nullopt;
  return found->second;
}

Catalog catalog_with(std::map<std::string, std::string, std::less<>> set) {
  variables() = std::move(set);
  return catalog_from_environment(environment);
}

TEST(Catalog, HasExtractAloneWhereNothingIsConfigured) {
  for (const Catalog& catalog :
       {offline_catalog(), catalog_with({}), catalog_with({{"OPENAI_API_KEY", " \n"}})}) {
    ASSERT_EQ(catalog.providers.size(), 1u);
    EXPECT_EQ(catalog.providers[0].kind, Provider::Kind::extract);
    const auto chosen = catalog.choose("", "");
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->first->name, "extract");
    EXPECT_EQ(chosen->second.id, "extract");
  }
}

TEST(Catalog, PutsAConfiguredProviderBeforeExtract) {
  const Catalog catalog = catalog_with({{"OPENAI_API_KEY", " sk-1\n"}});
  ASSERT_EQ(catalog.providers.size(), 2u);
  EXPECT_EQ(catalog.providers[0].name, "openai");
  EXPECT_EQ(catalog.providers[0].base_url, "https://api.openai.com/v1");
  EXPECT_EQ(catalog.providers[0].api_key, "sk-1");
  EXPECT_EQ(catalog.choose("", "")->second.id, catalog.providers[0].default_model);
  EXPECT_TRUE(catalog.choose("", "")->second.known);
  EXPECT_EQ(catalog.choose("extract", "")->first->name, "extract");
}

TEST(Catalog, TakesAnAddressWithoutAKeyForLocalServers) {
  const Catalog catalog = catalog_with({{"OPENAI_BASE_URL", "http://127.0.0.1:8000/v1//"}});
  ASSERT_EQ(catalog.providers.size(), 2u);
  EXPECT_EQ(catalog.providers[0].base_url, "http://127.0.0.1:8000/v1");
  EXPECT_EQ(catalog.providers[0].api_key, "");
}

TEST(Catalog, NamesWhatIsThereInPlaceOfAnUnknownProvider) {
  const auto refused = catalog_with({{"OPENAI_API_KEY", "k"}}).choose("gogle", "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_request);
  EXPECT_NE(refused.error().message.find("provider"), std::string::npos);
  EXPECT_NE(refused.error().hint.find("openai, extract"), std::string::npos);
  const auto model = offline_catalog().choose("extract", "gpt-4o");
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::invalid_request);
}

TEST(Models, KnowTheirLimitsAndEncodings) {
  const auto models = openai_models();
  const Model gpt4o = find_model(models, "gpt-4o");
  EXPECT_EQ(gpt4o.budget.context_tokens, 128'000u);
  EXPECT_EQ(gpt4o.encoding, tokens::EncodingName::o200k_base);
  EXPECT_TRUE(gpt4o.exact);
  EXPECT_FALSE(gpt4o.reasoning_model);
  EXPECT_EQ(find_model(models, "gpt-3.5-turbo").encoding, tokens::EncodingName::cl100k_base);
  EXPECT_TRUE(find_model(models, "o3").reasoning_model);
  for (const Model& model : models) {
    EXPECT_LT(model.budget.answer_tokens, model.budget.context_tokens) << model.id;
  }
}

TEST(Models, KnowDatedSnapshots) {
  const Model snapshot = find_model(openai_models(), "gpt-4o-mini-2024-07-18");
  EXPECT_EQ(snapshot.id, "gpt-4o-mini-2024-07-18");
  EXPECT_TRUE(snapshot.known);
  EXPECT_FALSE(find_model(openai_models(), "gpt-4o-audio-preview").known);
}

TEST(Models, PassUnknownOnesOnWithTheDefaultBudget) {
  const Model unknown = find_model(openai_models(), "qwen3:8b");
  EXPECT_EQ(unknown.id, "qwen3:8b");
  EXPECT_FALSE(unknown.known);
  EXPECT_FALSE(unknown.exact);
  EXPECT_EQ(unknown.budget.context_tokens, prompt::Budget{}.context_tokens);
}

}  // namespace
}  // namespace weir::provider
