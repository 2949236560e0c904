#include "weir/provider/azure.hpp"

#include <gtest/gtest.h>

// What the transcripts in tests/spec/azure cannot say: other settings than theirs.
namespace weir::provider {
namespace {

const std::string good_key(32, '0');

Provider azure(std::string endpoint, std::string version, std::string key) {
  Provider provider;
  provider.name = "azure";
  provider.kind = Provider::Kind::azure;
  provider.base_url = std::move(endpoint);
  provider.api_version = std::move(version);
  provider.api_key = std::move(key);
  return provider;
}

Start start_with(const Provider& provider, std::string deployment = "gpt-4o") {
  Model model;
  model.id = std::move(deployment);
  return start(provider, model, {}, {});
}

std::string hint_of(const Provider& provider) {
  std::vector<stream::Event> events;
  const auto codec = std::move(start_with(provider).codec);
  codec->head(401, {}, events);
  codec->end(true, events);
  const auto* failed = std::get_if<stream::Failed>(&events.at(0));
  EXPECT_TRUE(failed && failed->error.code == ErrorCode::provider_auth);
  return failed ? failed->error.hint : "";
}

TEST(AzureErrors, NameTheVariableThatLooksWrong) {
  const auto looks_wrong = [](const std::string& hint) {
    EXPECT_EQ(hint.find("AZURE_OPENAI_API_KEY, AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_VERSION"),
              0u);
    for (const char* name :
         {"AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_VERSION"}) {
      if (hint.find(std::string(name) + " looks wrong") != std::string::npos) return name;
    }
    return "(none)";
  };
  const std::string endpoint = "https://weir.openai.azure.com";
  EXPECT_STREQ(looks_wrong(hint_of(azure(endpoint, "2024-10-21", good_key))), "(none)");
  EXPECT_STREQ(looks_wrong(hint_of(azure(endpoint, "2025-04-01-preview", good_key))), "(none)");
  for (const char* version : {"", "latest", "2024-10", "2024-10-21-beta", "v1"}) {
    EXPECT_STREQ(looks_wrong(hint_of(azure(endpoint, version, good_key))), "AZURE_OPENAI_VERSION");
  }
  for (const char* other : {"https://api.openai.com/v1", "http://weir.openai.azure.com", "weir"}) {
    EXPECT_STREQ(looks_wrong(hint_of(azure(other, "2024-10-21", good_key))),
                 "AZURE_OPENAI_ENDPOINT");
  }
  for (const std::string& key :
       {std::string("sk-") + good_key, std::string("short"), good_key + " "}) {
    EXPECT_STREQ(looks_wrong(hint_of(azure(endpoint, "2024-10-21", key))), "AZURE_OPENAI_API_KEY");
  }
}

TEST(AzureErrors, LookAtNoVersionWhereThereIsNone) {
  const std::string hint = hint_of(azure("https://weir.openai.azure.com/openai/v1", "", good_key));
  EXPECT_NE(hint.find("Each looks right"), std::string::npos) << hint;
}

TEST(AzureRequest, AsksTheNewerInterfaceWithoutAVersion) {
  const auto request =
      *start_with(azure("https://weir.openai.azure.com/openai/v1", "2024-10-21", good_key)).request;
  EXPECT_EQ(request.url, "https://weir.openai.azure.com/openai/v1/chat/completions");
}

TEST(AzureRequest, KeepsADeploymentsNameInItsPlace) {
  const auto request =
      *start_with(azure("https://weir.openai.azure.com", "2024-10-21", good_key), "a/../b?c")
           .request;
  EXPECT_EQ(request.url,
            "https://weir.openai.azure.com/openai/deployments/a%2F..%2Fb%3Fc/chat/completions"
            "?api-version=2024-10-21");
}

}  // namespace
}  // namespace weir::provider
