#include <gtest/gtest.h>

#include <string>

#include "unit/relay/support.hpp"

namespace weir::relay {
namespace {

/// An edge with an Ollama server that lacks the model it was asked for.
class RelayExplanation : public ::testing::Test {
 protected:
  static Config config() {
    provider::Provider ollama;
    ollama.name = "ollama";
    ollama.kind = provider::Provider::Kind::ollama;
    ollama.base_url = "http://127.0.0.1:11434";
    ollama.default_model = "llama3.2";
    Config config = test_config();
    config.catalog.providers = {ollama};
    return config;
  }

  RelayExplanation() {
    reader = host.ask(1);
    host.head(host.opened.at(0).run, 404);
    host.give(ProviderBytes{host.opened[0].run, R"({"error":"model 'llama3.2' not found"})"});
    host.give(ProviderEnded{host.opened[0].run});
    EXPECT_EQ(host.read(reader), (Words{"1 accepted"}));
    EXPECT_EQ(host.opened.size(), 2U);
  }

  void expect_as_it_was() {
    const stream::Failed failed = host.failure(reader);
    EXPECT_EQ(failed.error.code, ErrorCode::provider_model_missing);
    EXPECT_EQ(failed.error.hint.find("It has"), std::string::npos) << failed.error.hint;
    EXPECT_NE(failed.error.hint.find("ollama pull llama3.2"), std::string::npos);
  }

  Host host = Host(config());
  ReaderId reader = 0;
};

TEST_F(RelayExplanation, NamesTheModelsThatAreThere) {
  const OpenProvider& call = host.opened[1];
  EXPECT_EQ(call.request.method, "GET");
  EXPECT_EQ(call.request.url, "http://127.0.0.1:11434/api/tags");
  EXPECT_EQ(call.request.body, "");
  host.head(call.run);
  host.give(ProviderBytes{call.run, R"({"models":[{"name":"qwen3:8b","size":1},)"});
  host.give(ProviderBytes{call.run, R"({"name":"phi4:latest"}]})"});
  host.give(ProviderEnded{call.run});
  const stream::Failed failed = host.failure(reader);
  EXPECT_EQ(failed.error.code, ErrorCode::provider_model_missing);
  EXPECT_NE(failed.error.hint.find("ollama pull llama3.2"), std::string::npos);
  EXPECT_NE(failed.error.hint.find("It has: qwen3:8b, phi4:latest."), std::string::npos)
      << failed.error.hint;
  EXPECT_EQ(host.relay.figures().runs_started, 1U) << "no model was called";
}

TEST_F(RelayExplanation, IsDoneWithoutWhereTheServerDoesNotGiveIt) {
  host.head(host.opened[1].run, 500);
  host.give(ProviderEnded{host.opened[1].run});
  expect_as_it_was();
}

TEST_F(RelayExplanation, IsDoneWithoutWhereItBreaksOff) {
  host.head(host.opened[1].run);
  host.give(ProviderBytes{host.opened[1].run, R"({"models":[{"name":"qw)"});
  host.give(ProviderEnded{host.opened[1].run, false});
  expect_as_it_was();
}

TEST_F(RelayExplanation, IsDoneWithoutWhereTheServerIsGone) {
  host.give(ProviderFailed{host.opened[1].run, "no connection"});
  expect_as_it_was();
}

TEST_F(RelayExplanation, IsNotWaitedForLong) {
  host.pass(limits::Recovery{}.explanation);
  expect_as_it_was();
  EXPECT_EQ(host.closed, (std::vector<RunId>{host.opened[1].run}));
}

TEST_F(RelayExplanation, EndsWithAStop) {
  host.cancel(1);
  EXPECT_EQ(host.failure(reader).error.code, ErrorCode::cancelled);
  EXPECT_EQ(host.closed, (std::vector<RunId>{host.opened[1].run}));
}

}  // namespace
}  // namespace weir::relay
