#include "weir/relay/http_session.hpp"

#include <gtest/gtest.h>

#include "unit/relay/support.hpp"
#include "weir/sse/parser.hpp"
#include "weir/wire/frames.hpp"

namespace weir::relay {
namespace {

const std::string request_json =
    R"({"repo_url":"https://github.com/a/b","messages":[{"role":"user","content":"Why?"}],)"
    R"("context":[]})";

class HttpSessionTest : public testing::Test {
 protected:
  using Session = std::unique_ptr<HttpSession>;
  Host host;
  std::uint8_t last_id = 200;

  Session ask(std::uint8_t key, std::string_view body = request_json) {
    return ask_with(to_hex(id_of(key)), body);
  }
  Session ask_with(std::string_view key, std::string_view body) {
    auto session = HttpSession::ask(
        host.relay, [this] { return id_of(++last_id); }, key, body, limits::Server{},
        limits::Request{}, host.now);
    host.give(Tick{});
    return session;
  }
  Session follow(std::string_view answer, std::string_view after) {
    return HttpSession::follow(host.relay, answer, after, limits::Server{}, host.now);
  }
  Session cancel(std::string_view answer, std::string_view key) {
    auto session = HttpSession::cancel(host.relay, answer, key, limits::Server{}, host.now);
    host.give(Tick{});
    return session;
  }
  HttpSession::Head head(const Session& session) {
    const auto known = session->head(host.now);
    EXPECT_TRUE(known);
    return known.value_or(HttpSession::Head{});
  }
  std::string chunks(const Session& session) {
    std::string all;
    while (auto chunk = session->next_chunk(host.now)) all += *chunk;
    return all;
  }
  static Words events(std::string_view text) {
    sse::Parser parser(1 << 20);
    parser.feed(text);
    Words words;
    while (const auto message = parser.next()) {
      words.push_back(in_words(**wire::read_sse(message->event, message->id, message->data)));
    }
    return words;
  }
  ErrorCode error_of(const Session& session) {
    const auto refusal = head(session);
    EXPECT_EQ(refusal.content_type, "application/json");
    EXPECT_FALSE(refusal.streams);
    EXPECT_TRUE(session->finished());
    const auto failed = wire::read_error_body(refusal.status, refusal.body);
    EXPECT_EQ(refusal.status, wire::http_status(failed.error.code));
    return failed.error.code;
  }
};

TEST_F(HttpSessionTest, EndsAResponseThatIsToEndSoonAfterItHasBroughtSomething) {
  const Session session = ask(1);
  session->poll(20s, host.now);
  EXPECT_EQ(events(chunks(session)), (Words{"1 accepted"}));
  EXPECT_EQ(session->deadline(), host.now + limits::Server{}.poll_gather);
  host.pass(400ms);
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "more");
  EXPECT_EQ(events(chunks(session)), (Words{"2 delta more"}));
  EXPECT_FALSE(session->finished());
  host.pass(100ms);
  EXPECT_EQ(events(chunks(session)), Words{});
  EXPECT_TRUE(session->finished());
  session->close(host.now);
  EXPECT_EQ(host.relay.figures().running, 1U) << "the answer goes on";
}

TEST_F(HttpSessionTest, EndsAResponseThatHasNothingToBringAfterItsWait) {
  const Session asked = ask(1);
  chunks(asked);
  const Session session = follow(to_hex(id_of(201)), "1");
  session->poll(20s, host.now);
  EXPECT_EQ(chunks(session), "");
  host.pass(20s);
  EXPECT_EQ(chunks(session), ": alive\n\n");
  EXPECT_TRUE(session->finished());

  const Session greedy = follow(to_hex(id_of(201)), "1");
  greedy->poll(24h, host.now);
  host.pass(limits::Server{}.poll_most);
  chunks(greedy);
  EXPECT_TRUE(greedy->finished()) << "the edge's own limit comes first";
}

TEST_F(HttpSessionTest, StreamsAnAnswerToItsEnd) {
  const Session session = ask(1);
  const auto known = head(session);
  EXPECT_EQ(known.status, 200);
  EXPECT_EQ(known.content_type, "text/event-stream");
  EXPECT_EQ(known.answer, id_of(201));
  EXPECT_TRUE(known.streams);
  EXPECT_EQ(events(chunks(session)), (Words{"1 accepted"}));
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "Hi");
  EXPECT_EQ(chunks(session), "event: delta\nid: 2\ndata: {\"text\":\"Hi\"}\n\n");
  EXPECT_FALSE(session->finished());
  host.finish(host.opened[0].run);
  EXPECT_EQ(events(chunks(session)), (Words{"3 done stop"}));
  EXPECT_TRUE(session->finished());
  EXPECT_FALSE(session->deadline());
  session->close(host.now);
  EXPECT_EQ(host.relay.figures().readers, 0U);
}

TEST_F(HttpSessionTest, GivesTheSameKeyTheSameAnswer) {
  const Session first = ask(1);
  const Session second = ask(1);
  EXPECT_EQ(head(first).answer, head(second).answer);
  EXPECT_EQ(host.opened.size(), 1U);
}

TEST_F(HttpSessionTest, FollowsFromACursor) {
  const Session asker = ask(1);
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "a");
  host.say(host.opened[0].run, "b");
  const std::string answer = to_hex(*head(asker).answer);
  EXPECT_EQ(events(chunks(follow(answer, "2"))), (Words{"3 delta b"}));
  EXPECT_EQ(events(chunks(follow(answer, ""))), (Words{"1 accepted", "3 delta ab"}));
}

TEST_F(HttpSessionTest, RefusesWithAStatusAndATypedBody) {
  EXPECT_EQ(error_of(ask_with("", request_json)), ErrorCode::invalid_request);
  EXPECT_EQ(error_of(ask_with("xyz", request_json)), ErrorCode::invalid_request);
  EXPECT_EQ(error_of(ask(1, "{")), ErrorCode::invalid_request);
  EXPECT_EQ(error_of(ask(1, R"({"repo_url":"x","messages":[]})")), ErrorCode::invalid_request);
  EXPECT_EQ(error_of(ask(1, std::string(5 << 20, ' '))), ErrorCode::request_too_large);
  EXPECT_EQ(host.opened.size(), 0U);
  const std::string answer = to_hex(*head(ask(1)).answer);
  EXPECT_EQ(error_of(follow("short", "")), ErrorCode::invalid_request);
  EXPECT_EQ(error_of(follow(to_hex(id_of(9)), "")), ErrorCode::not_found);
  for (const char* after : {"x", "-1", "1.5", "99", "99999999999999999999999"}) {
    EXPECT_EQ(error_of(follow(answer, after)), ErrorCode::invalid_request) << after;
  }
}

TEST_F(HttpSessionTest, SaysWhenToComeBackWhereThereIsNoRoom) {
  Config config = test_config();
  config.answer.answers = 0;
  Host full(config);
  const auto session = HttpSession::ask(
      full.relay, [] { return id_of(1); }, to_hex(id_of(1)), request_json, limits::Server{},
      limits::Request{}, full.now);
  EXPECT_EQ(head(session).status, 503);
  EXPECT_EQ(head(session).retry_after_seconds, 5U);
}

TEST_F(HttpSessionTest, CancelsWithTheKey) {
  const Session asker = ask(1);
  const std::string answer = to_hex(*head(asker).answer);
  const std::string key = to_hex(id_of(1));
  EXPECT_EQ(error_of(cancel(answer, to_hex(id_of(2)))), ErrorCode::unauthorized);
  EXPECT_EQ(error_of(cancel(answer, "")), ErrorCode::invalid_request);
  EXPECT_EQ(error_of(cancel("short", key)), ErrorCode::invalid_request);
  EXPECT_EQ(error_of(cancel(to_hex(id_of(9)), to_hex(id_of(2)))), ErrorCode::not_found);
  EXPECT_TRUE(host.closed.empty());
  EXPECT_EQ(head(cancel(answer, key)).status, 204);
  EXPECT_EQ(head(cancel(answer, key)).status, 204);
  EXPECT_EQ(host.closed.size(), 1U);
  EXPECT_EQ(events(chunks(asker)), (Words{"1 accepted", "2 error cancelled"}));
}

TEST_F(HttpSessionTest, CancelsByKeyAloneBeforeTheAsk) {
  EXPECT_EQ(head(cancel("", to_hex(id_of(1)))).status, 204);
  EXPECT_EQ(error_of(ask(1)), ErrorCode::cancelled);
  EXPECT_TRUE(host.opened.empty());
}

TEST_F(HttpSessionTest, SendsACommentAfterEveryPause) {
  const Session session = ask(1);
  head(session);
  chunks(session);
  EXPECT_EQ(session->deadline(), host.now + 15s);
  host.now += 15s;
  EXPECT_EQ(chunks(session), ": alive\n\n");
  EXPECT_EQ(session->deadline(), host.now + 15s);
}

}  // namespace
}  // namespace weir::relay
