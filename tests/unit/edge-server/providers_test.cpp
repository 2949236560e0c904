#include "providers.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace weir::edge {
namespace {

class MakeCatalog : public ::testing::Test {
 protected:
  MakeCatalog() { setenv("OPENAI_API_KEY", "sk-test", 1); }
  ~MakeCatalog() override {
    unsetenv("OPENAI_API_KEY");
    unlink(path_.c_str());
  }

  Result<provider::Catalog> with_models(const std::string& table) {
    std::ofstream(path_) << table;
    Options options;
    options.models = path_;
    return make_catalog(options);
  }

  const std::string path_ = ::testing::TempDir() + "weir-models-" + std::to_string(getpid());
};

TEST_F(MakeCatalog, TakesAnOperatorsModels) {
  const auto catalog = with_models(
      R"({"providers": {"openai": {"default_model": "mine", "temperature": 0.1, "models": [)"
      R"({"id": "mine", "context_tokens": 5000, "output_tokens": 1000, "tokenizer": "cl100k_base"}]}}})");
  ASSERT_TRUE(catalog) << catalog.error().message;
  const auto chosen = catalog->choose("openai", "");
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->second.id, "mine");
  EXPECT_EQ(chosen->second.budget.context_tokens, 5000U);
  EXPECT_EQ(chosen->second.temperature, "0.1");
  EXPECT_EQ(chosen->first->base_url, "https://api.openai.com/v1") << "what it leaves out stands";
  EXPECT_FALSE(catalog->choose("openai", "gpt-4o")->second.known);
}

TEST_F(MakeCatalog, NamesTheFileAndThePlaceOfWhatIsWrong) {
  const auto wrong = with_models(R"({"providers": {"openai": {"default_model": 1}}})");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message.rfind(path_ + ": providers.openai.default_model", 0), 0U)
      << wrong.error().message;
  const auto unknown =
      with_models(R"({"providers": {"none": {"default_model": "m", "models": []}}})");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("providers.none is no provider"), std::string::npos);
  Options options;
  options.models = "/nowhere/models.json";
  EXPECT_EQ(make_catalog(options).error().code, ErrorCode::not_found);
}

TEST_F(MakeCatalog, NamesDefaultsThatAreNotConfigured) {
  Options options;
  options.fallbacks = {"google"};
  EXPECT_NE(make_catalog(options).error().message.find("--fallback names google"),
            std::string::npos);
}

}  // namespace
}  // namespace weir::edge
