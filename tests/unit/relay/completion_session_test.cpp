#include "weir/relay/completion_session.hpp"

#include <gtest/gtest.h>

#include "unit/relay/support.hpp"
#include "weir/relay/openai_face.hpp"

namespace weir::relay {
namespace {

constexpr std::string_view whole_request = R"({"messages":[{"role":"user","content":"Why?"}]})";
constexpr std::string_view stream_request =
    R"({"messages":[{"role":"user","content":"Why?"}],"stream":true})";

class CompletionSessionTest : public testing::Test {
 protected:
  using Session = std::unique_ptr<CompletionSession>;
  Host host;
  std::uint8_t last_id = 200;

  Session ask(std::string_view body) {
    auto session = std::make_unique<CompletionSession>(
        host.relay, [this] { return id_of(++last_id); }, body, limits::Server{}, limits::Request{},
        1700000000, host.now);
    host.give(Tick{});
    return session;
  }
  std::string chunks(const Session& session) {
    std::string all;
    while (session->append_chunk(all, host.now)) continue;
    return all;
  }
  RunId run() const { return host.opened.back().run; }
  void refuse_by_provider(int status) {
    host.head(run(), status);
    host.give(ProviderEnded{run(), true});
  }
};

TEST_F(CompletionSessionTest, GivesItsHeadOnceTheAnswerHasBegun) {
  const Session session = ask(stream_request);
  EXPECT_FALSE(session->head(host.now)) << "it may still fail with a status";
  host.head(run());
  host.say(run(), "Hi");
  const auto head = session->head(host.now);
  ASSERT_TRUE(head);
  EXPECT_TRUE(head->streams);
  EXPECT_EQ(head->content_type, "text/event-stream");
  EXPECT_NE(chunks(session).find(R"("delta":{"content":"Hi"})"), std::string::npos);
  host.finish(run());
  const std::string end = chunks(session);
  EXPECT_NE(end.find(R"("finish_reason":"stop")"), end.npos);
  EXPECT_EQ(end.substr(end.size() - 14), "data: [DONE]\n\n");
  EXPECT_TRUE(session->finished());
}

TEST_F(CompletionSessionTest, BeginsAStreamThatIsLongInComing) {
  const Session session = ask(stream_request);
  EXPECT_FALSE(session->head(host.now));
  EXPECT_EQ(session->deadline(), host.now + limits::Server{}.keep_alive);
  host.pass(limits::Server{}.keep_alive);
  ASSERT_TRUE(session->head(host.now));
  EXPECT_EQ(chunks(session), "");
  host.pass(limits::Server{}.keep_alive);
  EXPECT_EQ(chunks(session), ": alive\n\n");
  refuse_by_provider(401);
  EXPECT_EQ(chunks(session).rfind(R"(data: {"error":{"message":)", 0), 0U);
  EXPECT_TRUE(session->finished());
}

TEST_F(CompletionSessionTest, AnswersWhole) {
  const Session session = ask(whole_request);
  host.head(run());
  host.say(run(), "Hi ");
  EXPECT_FALSE(session->head(host.now));
  EXPECT_FALSE(session->deadline()) << "nothing can be said before the answer is whole";
  host.say(run(), "there");
  host.finish(run());
  const auto head = session->head(host.now);
  ASSERT_TRUE(head);
  EXPECT_FALSE(head->streams);
  EXPECT_EQ(head->status, 200);
  EXPECT_NE(head->body.find(R"("content":"Hi there")"), std::string::npos) << head->body;
  EXPECT_TRUE(session->finished());
}

TEST_F(CompletionSessionTest, FailsWithAStatusBeforeItHasBegun) {
  for (const auto request : {whole_request, stream_request}) {
    const Session session = ask(request);
    refuse_by_provider(401);
    const auto head = session->head(host.now);
    ASSERT_TRUE(head);
    EXPECT_EQ(head->status, 401);
    EXPECT_TRUE(head->final) << "a client's retry would be refused again";
    EXPECT_NE(head->body.find(R"("code":"invalid_api_key")"), std::string::npos) << head->body;
    EXPECT_EQ(head->body.find("sk-secret"), std::string::npos);
  }
}

TEST_F(CompletionSessionTest, RefusesWhatCannotBeRead) {
  const Session session = ask("{}");
  EXPECT_EQ(session->reader(), 0U);
  const auto head = session->head(host.now);
  EXPECT_EQ(head->status, 400);
  EXPECT_TRUE(session->finished());
  session->close(host.now);
  EXPECT_TRUE(host.opened.empty());
}

TEST_F(CompletionSessionTest, StopsTheAnswerWhenItsClientLeaves) {
  const Session session = ask(stream_request);
  session->close(host.now);
  host.give(Tick{});
  EXPECT_EQ(host.closed, std::vector<RunId>{run()});
  EXPECT_EQ(host.relay.figures().running, 0U);
}

TEST_F(CompletionSessionTest, AsksNoPacksWithoutARepository) {
  ask(whole_request);
  EXPECT_TRUE(host.retrieves.empty());
  ask(R"({"repo_url":"a/b","messages":[{"role":"user","content":"Why?"}]})");
  EXPECT_EQ(host.retrieves.size(), 1U);
}

TEST(ChooseByModel, FindsTheProviderThatHasTheModel) {
  provider::Catalog catalog = test_config().catalog;
  provider::Provider router = catalog.providers.front();
  router.name = "openrouter";
  router.default_model = "x-ai/grok";
  catalog.providers.push_back(router);
  const auto chosen = [&](std::string model) {
    prompt::ChatRequest request;
    request.model = std::move(model);
    choose_by_model(request.provider, request.model, catalog);
    return request.provider + " " + request.model;
  };
  EXPECT_EQ(chosen("gpt-4o"), "openai gpt-4o");
  EXPECT_EQ(chosen("extract"), "extract extract");
  EXPECT_EQ(chosen("x-ai/grok"), "openrouter x-ai/grok");
  EXPECT_EQ(chosen("openrouter/some/other"), "openrouter some/other");
  EXPECT_EQ(chosen("of-my-own"), " of-my-own") << "the default provider's";
  EXPECT_EQ(chosen("no/provider"), " no/provider");
}

}  // namespace
}  // namespace weir::relay
