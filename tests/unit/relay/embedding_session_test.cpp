#include "weir/relay/embedding_session.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "support/vocabularies.hpp"

namespace weir::relay {
namespace {

class EmbeddingSessionTest : public testing::Test {
 protected:
  EmbeddingSessionTest() {
    provider::Provider openai;
    openai.name = "openai";
    openai.kind = provider::Provider::Kind::openai;
    openai.base_url = "http://p/v1";
    openai.api_key = "first";
    openai.more_keys = {"second"};
    config.catalog.providers = {openai};
    config.add(tokens::embedded_encoding(tokens::EncodingName::cl100k_base));
  }

  EmbeddingSession& ask(std::string_view input = R"("a")", Client client = {}) {
    if (!relay) relay.emplace(config);
    session.emplace(*relay, R"({"model":"m","input":)" + std::string(input) + "}", now,
                    std::move(client));
    return *session;
  }
  int refusal() {
    EXPECT_FALSE(session->poll());
    const auto head = session->head();
    return head ? head->status : 0;
  }

  /// The next call that is asked for.
  OpenProvider opened() {
    while (auto action = session->poll()) {
      if (auto* open = std::get_if<OpenProvider>(&*action)) return *open;
    }
    ADD_FAILURE() << "no call";
    return {};
  }

  void answer(RunId run, int status, std::string_view body,
              std::vector<provider::Header> headers = {}) {
    session->handle(ProviderSent{run}, now);
    session->handle(ProviderHead{run, status, std::move(headers)}, now);
    for (const char& c : body) session->handle(ProviderBytes{run, {&c, 1}}, now);
    session->handle(ProviderEnded{run, true}, now);
  }

  void wait() {
    ASSERT_TRUE(session->deadline());
    now = *session->deadline();
    session->handle(Tick{}, now);
  }

  std::string auth(const OpenProvider& call) {
    for (const auto& header : call.request.headers) {
      if (header.name == "authorization") return header.value;
    }
    return "";
  }

  Config config;
  std::optional<Relay> relay;
  std::optional<EmbeddingSession> session;
  Instant now{};
};

constexpr std::string_view one = R"({"data":[{"embedding":[1,2]}],"usage":{"prompt_tokens":3}})";

TEST_F(EmbeddingSessionTest, IsTurnedAwayWhereAsManyAreUnderWayAsMay) {
  config.admission.embeddings = 2;
  config.admission.embeddings_per_client = 1;
  ask(R"("a")", 7);
  const EmbeddingSession* const kept = &*session;
  EXPECT_EQ(opened().request.method, "POST");
  const auto ask_beside = [&](Client client) {
    return std::make_unique<EmbeddingSession>(*relay, R"({"model":"m","input":"a"})", now, client);
  };
  EXPECT_EQ(ask_beside(7)->head()->status, 503) << "of one client";
  {
    const auto second = ask_beside(8);
    EXPECT_FALSE(second->head());
    EXPECT_EQ(relay->figures().embeddings, 2U);
    EXPECT_EQ(ask_beside(9)->head()->status, 503) << "in all";
  }
  EXPECT_FALSE(ask_beside(9)->head()) << "there is room again";
  EXPECT_EQ(&*session, kept);
  EXPECT_EQ(relay->meters().refused.at("queue_full"), 2U);
}

TEST_F(EmbeddingSessionTest, CountsInItsClientsMinute) {
  config.admission.tokens_per_minute = 10;
  ask(R"(["one two three four five six","seven eight nine ten eleven"])", 7);
  EXPECT_EQ(opened().request.method, "POST");
  ask(R"("a")", 7);
  EXPECT_EQ(refusal(), 429);
  ask(R"("a")", 8);
  EXPECT_EQ(opened().request.method, "POST");
  now += 1min;
  ask(R"([[1,2,3,4,5,6,7,8,9,10,11,12]])", 7);
  EXPECT_EQ(opened().request.method, "POST");
  ask(R"("a")", 7);
  EXPECT_EQ(refusal(), 429);
}

TEST_F(EmbeddingSessionTest, CountsItsCalls) {
  ask();
  now += 1s;
  answer(opened().run, 200, R"({"data":[{"embedding":[1,2]}],"usage":{"prompt_tokens":3}})");
  const auto& calls = relay->meters().calls.by_model();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls.begin()->first.operation, "embeddings");
  EXPECT_EQ(calls.begin()->second.duration.at("").sum(), 1);
  EXPECT_EQ(calls.begin()->second.input_tokens.sum(), 3);
  EXPECT_EQ(calls.begin()->second.output_tokens.sum(), 0);
  EXPECT_EQ(relay->figures().runs_started, 1U);
}

TEST_F(EmbeddingSessionTest, GivesWhatTheProviderGave) {
  ask();
  answer(opened().run, 200, one);
  const auto head = session->head();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->body,
            R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0,2.0]}],)"
            R"("model":"m","usage":{"prompt_tokens":3,"total_tokens":3}})");
  EXPECT_FALSE(session->deadline());
  EXPECT_FALSE(session->head()) << "once";
}

TEST_F(EmbeddingSessionTest, AsksBatchAfterBatch) {
  std::string input = "[\"x\"";
  for (int i = 1; i < 130; ++i) input += ",\"x\"";
  ask(input + "]");
  const auto response = [](std::size_t count) {
    std::string data;
    for (std::size_t i = 0; i < count; ++i) data += R"(,{"embedding":[1]})";
    return R"({"data":[)" + data.substr(1) + R"(],"usage":{"prompt_tokens":1}})";
  };
  answer(opened().run, 200, response(128));
  EXPECT_FALSE(session->head());
  answer(opened().run, 200, response(2));
  const auto head = session->head();
  ASSERT_TRUE(head);
  EXPECT_NE(head->body.find(R"("index":129)"), std::string::npos);
  EXPECT_NE(head->body.find(R"("prompt_tokens":2)"), std::string::npos);
}

TEST_F(EmbeddingSessionTest, TriesAgainWhatMayPass) {
  ask();
  answer(opened().run, 503, "");
  wait();
  session->handle(ProviderFailed{opened().run, "refused", false}, now);
  wait();
  answer(opened().run, 200, one);
  EXPECT_EQ(session->head()->status, 200);
}

TEST_F(EmbeddingSessionTest, TriesSoOftenAndNoMore) {
  ask();
  for (std::uint32_t i = 0; i < config.recovery.retries; ++i) {
    answer(opened().run, 503, "");
    wait();
  }
  answer(opened().run, 503, "");
  const auto head = session->head();
  ASSERT_TRUE(head);
  EXPECT_GE(head->status, 500);
  EXPECT_FALSE(head->final);
}

TEST_F(EmbeddingSessionTest, TakesAnotherKeyWhereOneIsLimited) {
  ask();
  const OpenProvider first = opened();
  EXPECT_EQ(auth(first), "Bearer first");
  answer(first.run, 429, "{}");
  const OpenProvider second = opened();
  EXPECT_EQ(auth(second), "Bearer second");
  answer(second.run, 429, "{}", {{"retry-after", "7"}});
  const auto head = session->head();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 429);
  EXPECT_EQ(head->retry_after_seconds, 7U);
}

TEST_F(EmbeddingSessionTest, FailsAtOnceWhereNothingCanHelp) {
  ask();
  answer(opened().run, 401, R"({"error":{"code":"invalid_api_key"}})");
  const auto head = session->head();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 401);
  EXPECT_TRUE(head->final);
  EXPECT_FALSE(session->poll());
}

TEST_F(EmbeddingSessionTest, ClosesAProviderThatIsSilentOrSaysTooMuch) {
  config.recovery.retries = 0;
  ask();
  const RunId silent = opened().run;
  session->handle(ProviderSent{silent}, now);
  wait();
  EXPECT_TRUE(std::holds_alternative<CloseProvider>(*session->poll()));
  EXPECT_EQ(session->head()->status, 504);

  config.provider.embeddings_bytes = 4;
  session.reset();
  relay.reset();
  ask();
  const RunId loud = opened().run;
  session->handle(ProviderHead{loud, 200, {}}, now);
  session->handle(ProviderBytes{loud, "12345"}, now);
  EXPECT_TRUE(std::holds_alternative<CloseProvider>(*session->poll()));
  EXPECT_GE(session->head()->status, 500);
}

TEST_F(EmbeddingSessionTest, PassesOverWhatALastCallStillReports) {
  ask();
  const RunId first = opened().run;
  answer(first, 503, "");
  wait();
  const RunId second = opened().run;
  answer(first, 200, one);
  EXPECT_FALSE(session->head());
  answer(second, 200, one);
  EXPECT_TRUE(session->head());
}

TEST_F(EmbeddingSessionTest, SaysWhatIsWrongWithARequest) {
  const auto head = ask("[]").head();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 400);
  EXPECT_FALSE(session->poll());
}

}  // namespace
}  // namespace weir::relay
