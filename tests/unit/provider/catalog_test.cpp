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

std::vector<Model> models_of(std::string_view provider) {
  const ModelTable table = known_models();
  return table.find(provider)->second.models;
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

/// The one provider that these variables configure; a test fails where it is not one.
Provider only_provider(std::map<std::string, std::string, std::less<>> set) {
  const Catalog catalog = catalog_with(std::move(set));
  EXPECT_EQ(catalog.providers.size(), 2u);
  return catalog.providers.front();
}

TEST(Catalog, KnowsEveryProviderByItsKey) {
  for (const char* name : {"google", "anthropic", "openrouter", "dashscope"}) {
    std::string upper(name);
    for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
    const Provider provider = only_provider({{upper + "_API_KEY", "k"}});
    EXPECT_EQ(provider.name, name);
    EXPECT_EQ(provider.api_key, "k");
    EXPECT_EQ(provider.base_url.substr(0, 8), "https://") << name;
    EXPECT_TRUE(find_model(provider.models, provider.default_model).known) << name;
    const Provider elsewhere =
        only_provider({{upper + "_API_KEY", "k"}, {upper + "_BASE_URL", "http://127.0.0.1:9/x/"}});
    EXPECT_EQ(elsewhere.base_url, "http://127.0.0.1:9/x") << name;
    EXPECT_EQ(catalog_with({{upper + "_BASE_URL", "http://127.0.0.1:9"}}).providers.size(), 1u);
  }
}

TEST(Catalog, TakesSeveralKeysInTheirOrder) {
  const Provider provider = only_provider({{"GOOGLE_API_KEY", " a, b ,,c "}});
  EXPECT_EQ(provider.api_key, "a");
  EXPECT_EQ(provider.more_keys, (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(catalog_with({{"GOOGLE_API_KEY", " , "}}).providers.size(), 1u);
}

TEST(Catalog, FindsAzureByItsEndpoint) {
  const Provider provider = only_provider({{"AZURE_OPENAI_ENDPOINT", "https://w.openai.azure.com/"},
                                           {"AZURE_OPENAI_API_KEY", "k"},
                                           {"AZURE_OPENAI_VERSION", "2025-04-01-preview"}});
  EXPECT_EQ(provider.name, "azure");
  EXPECT_EQ(provider.base_url, "https://w.openai.azure.com");
  EXPECT_EQ(provider.api_key, "k");
  EXPECT_EQ(provider.api_version, "2025-04-01-preview");
  EXPECT_TRUE(find_model(provider.models, "gpt-4o").known);
  EXPECT_EQ(only_provider({{"AZURE_OPENAI_ENDPOINT", "https://w"}}).api_version, "2024-10-21");
  EXPECT_EQ(catalog_with({{"AZURE_OPENAI_API_KEY", "k"}}).providers.size(), 1u);
}

TEST(Catalog, FindsBedrockByBothPartsOfAKey) {
  const Provider provider = only_provider({{"AWS_ACCESS_KEY_ID", "AKID"},
                                           {"AWS_SECRET_ACCESS_KEY", "secret"},
                                           {"AWS_SESSION_TOKEN", "token"},
                                           {"AWS_REGION", "eu-central-1"}});
  EXPECT_EQ(provider.name, "bedrock");
  EXPECT_EQ(provider.base_url, "https://bedrock-runtime.eu-central-1.amazonaws.com");
  EXPECT_EQ(provider.access_key_id, "AKID");
  EXPECT_EQ(provider.api_key, "secret");
  EXPECT_EQ(provider.session_token, "token");
  EXPECT_EQ(catalog_with({{"AWS_ACCESS_KEY_ID", "AKID"}}).providers.size(), 1u);
  EXPECT_EQ(catalog_with({{"AWS_SECRET_ACCESS_KEY", "secret"}}).providers.size(), 1u);
}

TEST(Catalog, ReadsOllamasAddressAsOllamaDoes) {
  const auto address = [](std::string host) {
    return only_provider({{"OLLAMA_HOST", std::move(host)}}).base_url;
  };
  EXPECT_EQ(address("http://gpu.example:8080/"), "http://gpu.example:8080");
  EXPECT_EQ(address("https://ollama.example"), "https://ollama.example");
  EXPECT_EQ(address("gpu.example"), "http://gpu.example:11434");
  EXPECT_EQ(address("127.0.0.1:5000"), "http://127.0.0.1:5000");
  EXPECT_EQ(address("[::1]"), "http://[::1]:11434");
  EXPECT_EQ(address("[::1]:5000"), "http://[::1]:5000");
}

TEST(Catalog, SaysToOpenRouterWhoAsksAndWhoMayAnswer) {
  const Provider plain = only_provider({{"OPENROUTER_API_KEY", "k"}});
  EXPECT_EQ(plain.headers, (std::vector<Header>{{"x-title", "Weir"}}));
  EXPECT_EQ(plain.routing, "");
  const Provider chosen = only_provider({{"OPENROUTER_API_KEY", "k"},
                                         {"OPENROUTER_SITE_URL", "https://weir.example"},
                                         {"OPENROUTER_PROVIDERS", "deepinfra, together"}});
  EXPECT_EQ(chosen.headers.back(), (Header{"http-referer", "https://weir.example"}));
  EXPECT_EQ(chosen.routing, R"({"order":["deepinfra","together"]})");
}

TEST(Catalog, PutsWhatIsMeantForUsBeforeWhatManyMachinesHave) {
  const Catalog catalog = catalog_with({{"AWS_ACCESS_KEY_ID", "a"},
                                        {"AWS_SECRET_ACCESS_KEY", "b"},
                                        {"OLLAMA_HOST", "localhost"},
                                        {"ANTHROPIC_API_KEY", "k"}});
  std::string names;
  for (const Provider& provider : catalog.providers) names += provider.name + " ";
  EXPECT_EQ(names, "anthropic ollama bedrock extract ");
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
  const auto models = models_of("openai");
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

TEST(Models, HaveADefaultAndLimitsForEveryProvider) {
  for (const auto& [name, defaults] : known_models()) {
    EXPECT_TRUE(find_model(defaults.models, defaults.default_model).known) << name;
    for (const Model& model : defaults.models) {
      EXPECT_TRUE(model.known);
      EXPECT_TRUE(!model.exact || model.estimate_percent == 100) << model.id;
      EXPECT_LT(model.budget.answer_tokens, model.budget.context_tokens) << model.id;
    }
  }
}

TEST(Models, SayWhetherTheirCountIsAnEstimate) {
  const Model own = find_model(models_of("ollama"), "qwen3:8b");
  EXPECT_TRUE(own.exact);
  EXPECT_EQ(own.encoding, tokens::EncodingName::qwen3);
  EXPECT_FALSE(own.error_percent);

  const Model measured = find_model(models_of("google"), "gemini-2.5-flash");
  EXPECT_FALSE(measured.exact);
  EXPECT_EQ(measured.encoding, tokens::EncodingName::o200k_base);
  EXPECT_EQ(measured.error_percent, 26u);
  // The budget leaves room for what was measured.
  EXPECT_GE(measured.estimate_percent, 100 + *measured.error_percent);

  const Model nearest = find_model(models_of("dashscope"), "qwen3-max");
  EXPECT_FALSE(nearest.exact);
  EXPECT_EQ(nearest.encoding, tokens::EncodingName::qwen3);
  EXPECT_FALSE(nearest.error_percent);  // nobody outside can measure it
}

TEST(Models, SayHowTheyChooseTheirWords) {
  EXPECT_EQ(find_model(models_of("openai"), "gpt-4o").temperature, "0.2");
  EXPECT_EQ(find_model(models_of("openai"), "o3").temperature, "");
  EXPECT_EQ(find_model(models_of("google"), "gemini-2.5-flash").temperature, "0.2");
}

TEST(Models, AreBudgetedInTheTokensThatAreCounted) {
  Model model;
  model.budget = {200'000, 64'000};
  model.estimate_percent = 125;
  EXPECT_EQ(counted_budget(model).context_tokens, 160'000u);
  EXPECT_EQ(counted_budget(model).answer_tokens, 51'200u);
}

TEST(Models, SayWhatTheyCostWhereTheOperatorDoes) {
  EXPECT_FALSE(find_model(models_of("openai"), "gpt-4o").price) << "prices change";
  const auto table = read_models(
      R"({"providers":{"p":{"default_model":"m","models":[{"id":"m","context_tokens":10,)"
      R"("output_tokens":5,"estimate_percent":100,)"
      R"("price":{"currency":"USD","input":2.5,"output":10}}]}}})");
  ASSERT_TRUE(table);
  const Model& model = table->at("p").models[0];
  ASSERT_TRUE(model.price);
  EXPECT_EQ(model.price->input, 2.5);
  EXPECT_EQ(model.price->output, 10);
  EXPECT_EQ(model.price->currency, "USD");
}

TEST(Models, ForEmbeddingsHaveAListOfTheirOwn) {
  const auto known = known_models();
  const auto small = find_embedding_model(known.at("openai").embeddings, "text-embedding-3-small");
  EXPECT_EQ(small.encoding, tokens::EncodingName::cl100k_base);
  ASSERT_TRUE(small.price);
  EXPECT_EQ(small.price->input, 0.02);
  const auto other = find_embedding_model(known.at("openai").embeddings, "my-own");
  EXPECT_EQ(other.id, "my-own");
  EXPECT_FALSE(other.encoding);
  EXPECT_FALSE(other.price);
  const auto with = [](const std::string& model) {
    const auto table =
        read_models(R"({"providers":{"p":{"default_model":"m","embeddings":[)" + model + "]}}}");
    return table ? "(taken)" : table.error().message;
  };
  EXPECT_EQ(with(R"({"id":"e","tokenizer":"qwen3","price":{"currency":"EUR","input":1}})"),
            "(taken)");
  EXPECT_EQ(with(R"({"id":"e","tokenizer":"wordpiece"})"),
            "providers.p.embeddings[0].tokenizer must be o200k_base, cl100k_base or qwen3.");
  EXPECT_EQ(with(R"({"id":"e","price":{"currency":"EUR"}})"),
            "providers.p.embeddings[0].price.input must be a number, what a million tokens cost.");
  EXPECT_EQ(with(R"({"id":"e","context_tokens":1})"),
            "providers.p.embeddings[0].context_tokens is no member that is known.");
  EXPECT_EQ(with("{}"), "providers.p.embeddings[0].id must be a text.");
}

TEST(Models, NameWhatIsWrongInATable) {
  const auto error = [](std::string model) {
    const auto table = read_models(R"({"providers":{"p":{"default_model":"m","models":[)" +
                                   std::move(model) + "]}}}");
    return table ? std::string("(taken)") : table.error().message;
  };
  const std::string limits = R"("id":"m","context_tokens":10,"output_tokens":5)";
  EXPECT_EQ(error("{" + limits + R"(,"tokenizer":"o200k_base"})"), "(taken)");
  EXPECT_EQ(error("{" + limits + R"(,"tokenizer":"o300k_base"})"),
            "providers.p.models[0].tokenizer must be o200k_base, cl100k_base or qwen3.");
  EXPECT_EQ(error("{" + limits + R"(,"tokenizer":"qwen3","estimate_percent":105})"), "(taken)");
  EXPECT_EQ(error("{" + limits + R"(,"estimate_percent":105,"error_percent":101})"),
            "providers.p.models[0].error_percent must be a whole number from 1 to 100.");
  EXPECT_EQ(error("{" + limits + "}"),
            "providers.p.models[0].estimate_percent must be a whole number from 1 to 400.");
  EXPECT_EQ(error("{" + limits + R"(,"estimate_percent":100,"temprature":1})"),
            "providers.p.models[0].temprature is no member that is known.");
  EXPECT_EQ(error("{" + limits + R"(,"estimate_percent":100,"top_p":"x"})"),
            "providers.p.models[0].top_p must be a number from 0 on, or null.");
  const auto priced = [&](std::string_view price) {
    return error("{" + limits + R"(,"estimate_percent":100,"price":)" + std::string(price) + "}");
  };
  EXPECT_EQ(priced(R"({"currency":"USD","input":0,"output":1})"), "(taken)");
  EXPECT_EQ(priced("3"), "providers.p.models[0].price must be an object.");
  EXPECT_EQ(priced(R"({"currency":"$","input":0,"output":1})"),
            "providers.p.models[0].price.currency must be a currency's code, such as USD.");
  EXPECT_EQ(priced(R"({"currency":"USD","input":-1,"output":1})"),
            "providers.p.models[0].price.input must be a number, what a million tokens cost.");
  EXPECT_EQ(priced(R"({"currency":"USD","input":1})"),
            "providers.p.models[0].price.output must be a number, what a million tokens cost.");
  EXPECT_EQ(priced(R"({"currency":"USD","input":1,"output":1,"cached":1})"),
            "providers.p.models[0].price.cached is no member that is known.");
  EXPECT_EQ(error(R"({"id":"m","context_tokens":10,"output_tokens":10})"),
            "providers.p.models[0].output_tokens must be less than context_tokens.");
  EXPECT_EQ(error(R"({"context_tokens":10})"), "providers.p.models[0].id must be a text.");
  EXPECT_FALSE(read_models("{}"));
  EXPECT_FALSE(read_models(R"({"providers":{"p":{"default_model":"m","models_of":"q"}}})"));
}

TEST(Models, KnowDatedSnapshots) {
  EXPECT_TRUE(find_model(models_of("anthropic"), "claude-haiku-4-5-20251001").known);

  const Model snapshot = find_model(models_of("openai"), "gpt-4o-mini-2024-07-18");
  EXPECT_EQ(snapshot.id, "gpt-4o-mini-2024-07-18");
  EXPECT_TRUE(snapshot.known);
  EXPECT_FALSE(find_model(models_of("openai"), "gpt-4o-audio-preview").known);
}

TEST(Models, PassUnknownOnesOnWithTheDefaultBudget) {
  const Model unknown = find_model(models_of("openai"), "qwen3:8b");
  EXPECT_EQ(unknown.id, "qwen3:8b");
  EXPECT_FALSE(unknown.known);
  EXPECT_FALSE(unknown.exact);
  EXPECT_EQ(unknown.budget.context_tokens, prompt::Budget{}.context_tokens);
}

}  // namespace
}  // namespace weir::provider
