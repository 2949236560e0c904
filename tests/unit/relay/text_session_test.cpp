#include "weir/relay/text_session.hpp"

#include <gtest/gtest.h>

#include "unit/relay/support.hpp"

namespace weir::relay {
namespace {

const std::string request_json =
    R"({"repo_url":"https://github.com/a/b","messages":[{"role":"user","content":"Why?"}],)"
    R"("context":[]})";

class TextSessionTest : public testing::Test {
 protected:
  Host host;
  std::uint8_t last_id = 200;

  std::unique_ptr<TextSession> ask(std::string_view body = request_json) {
    auto session = std::make_unique<TextSession>(
        host.relay, [this] { return id_of(++last_id); }, body, limits::Request{}, host.now);
    host.give(Tick{});
    return session;
  }
  std::string text(TextSession& session) {
    std::string all;
    while (session.append_chunk(all, host.now)) continue;
    return all;
  }
};

TEST_F(TextSessionTest, GivesTheDeltasAndNothingElse) {
  const auto session = ask();
  const auto head = session->head(host.now);
  ASSERT_TRUE(head);
  EXPECT_TRUE(head->streams);
  EXPECT_EQ(head->answer, id_of(202)) << "the first of the ids is the key";
  EXPECT_EQ(text(*session), "") << "accepted is not the answer's text";
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "Hi");
  EXPECT_EQ(text(*session), "Hi");
  EXPECT_FALSE(session->finished());
  host.finish(host.opened[0].run);
  EXPECT_EQ(text(*session), "");
  EXPECT_TRUE(session->finished());
}

TEST_F(TextSessionTest, DrawsAKeyForEachAsk) {
  const auto one = ask();
  const auto other = ask();
  EXPECT_NE(one->head(host.now)->answer, other->head(host.now)->answer);
  EXPECT_EQ(host.opened.size(), 2U);
}

TEST_F(TextSessionTest, SaysFirstThatTheRepositoryIsUnknown) {
  const auto session =
      ask(R"({"repo_url":"https://github.com/a/b","messages":[{"role":"user","content":"Why?"}]})");
  ASSERT_EQ(host.retrieves.size(), 1U);
  host.give(Retrieved{host.retrieves[0].run, std::nullopt});
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "Because.");
  const std::string said = text(*session);
  EXPECT_EQ(said.rfind("> This server has no index", 0), 0U) << said;
  EXPECT_EQ(said.substr(said.find("\n\n")), "\n\nBecause.");
}

TEST_F(TextSessionTest, SaysInALastLineWhyAnAnswerFailed) {
  const auto session = ask();
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "Half of");
  host.give(ProviderEnded{host.opened[0].run, false});
  const std::string said = text(*session);
  EXPECT_EQ(said.rfind("Half of\n\nError: ", 0), 0U) << said;
  EXPECT_EQ(said.find('\n', 10), said.size() - 1) << "one line: " << said;
  EXPECT_TRUE(session->finished());
}

TEST_F(TextSessionTest, SaysWhyTheRelayRefusedAnAsk) {
  const auto session =
      ask(R"({"repo_url":"a/b","messages":[{"role":"user","content":"Why?"}],"provider":"none"})");
  const auto head = session->head(host.now);
  EXPECT_EQ(head->status, 200);
  EXPECT_FALSE(head->answer);
  EXPECT_EQ(text(*session).rfind("Error: ", 0), 0U);
  EXPECT_TRUE(session->finished());
}

TEST_F(TextSessionTest, GivesARequestThatCannotBeReadAStatus) {
  const auto session = ask("{}");
  EXPECT_EQ(session->reader(), 0U);
  const auto head = session->head(host.now);
  EXPECT_EQ(head->status, 400);
  EXPECT_FALSE(head->streams);
  EXPECT_EQ(head->body.rfind("Error: repo_url is missing. ", 0), 0U) << head->body;
  EXPECT_TRUE(session->finished());
  session->close(host.now);

  const auto over_a_socket = ask("{}");
  EXPECT_EQ(text(*over_a_socket), head->body);
}

TEST_F(TextSessionTest, NeverPassesOverAGapInSilence) {
  Config config = test_config();
  config.answer.log_bytes = 2000;
  Host small(std::move(config));
  TextSession session(
      small.relay, [this] { return id_of(++last_id); }, request_json, limits::Request{}, small.now);
  small.give(Tick{});
  small.head(small.opened[0].run);
  const ReaderId fast = small.attach(*session.head(small.now)->answer, 0);
  for (int i = 0; i < 100; ++i) {
    small.say(small.opened[0].run, std::string(100, 'x'));
    small.read(fast);
  }
  std::string said;
  while (session.append_chunk(said, small.now)) continue;
  EXPECT_NE(said.find("Error: Part of the answer was lost"), said.npos) << said.substr(0, 200);
  EXPECT_TRUE(session.finished());
}

TEST_F(TextSessionTest, LeavesAnAnswerThatNobodyReadsToLinger) {
  const auto session = ask();
  session->close(host.now);
  host.give(Tick{});
  EXPECT_EQ(host.relay.figures().running, 1U);
  host.pass(limits::Answer{}.linger);
  EXPECT_EQ(host.relay.figures().running, 0U);
}

}  // namespace
}  // namespace weir::relay
