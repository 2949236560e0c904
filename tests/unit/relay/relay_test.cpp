#include "weir/relay/relay.hpp"

#include <gtest/gtest.h>

#include "unit/relay/support.hpp"

namespace weir::relay {
namespace {

TEST(Relay, RunsAnAskAndLogsWhatTheProviderSays) {
  Host host;
  const ReaderId reader = host.ask(1);
  ASSERT_EQ(host.opened.size(), 1U);
  EXPECT_EQ(host.opened[0].request.url, "http://127.0.0.1:9/v1/chat/completions");
  const RunId run = host.opened[0].run;
  EXPECT_EQ(host.read(reader), (Words{"1 accepted"}));
  host.head(run);
  host.say(run, "Hello");
  host.say(run, " world");
  EXPECT_EQ(host.read(reader), (Words{"3 delta Hello world"}));
  host.finish(run);
  EXPECT_EQ(host.read(reader), (Words{"4 done stop"}));
  EXPECT_EQ(host.released, (std::vector<RunId>{run}));
  EXPECT_TRUE(host.closed.empty());
  EXPECT_EQ(host.relay.figures().running, 0U);
}

TEST(Relay, AcceptsWithAnAccountOfThePrompt) {
  Host host;
  auto request = question("Why?");
  request.context->push_back({"a.md", 1, 2, "because"});
  const ReaderId reader = host.ask(1, request);
  const auto accepted = std::get<stream::Accepted>(host.entries(reader).at(0).event);
  EXPECT_EQ(accepted.answer, host.relay.answer_of(reader));
  EXPECT_EQ(accepted.provider, "openai");
  EXPECT_EQ(accepted.model, "gpt-4o");
  EXPECT_GT(accepted.prompt_tokens, 0U);
  EXPECT_EQ(accepted.kept, (std::vector<PassageRef>{{"a.md", 1, 2}}));
}

TEST(Relay, GivesTheSameKeyTheSameAnswerAndNeverASecondRun) {
  Host host;
  const ReaderId first = host.ask(1);
  const ReaderId second = host.ask(1);
  EXPECT_EQ(host.relay.answer_of(first), host.relay.answer_of(second));
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "x");
  host.finish(host.opened[0].run);
  const ReaderId third = host.ask(1);
  EXPECT_EQ(host.opened.size(), 1U);
  EXPECT_EQ(host.relay.figures().runs_started, 1U);
  const Words whole{"1 accepted", "2 delta x", "3 done stop"};
  EXPECT_EQ(host.read(first), whole);
  EXPECT_EQ(host.read(second), whole);
  EXPECT_EQ(host.read(third), whole);
}

TEST(Relay, RefusesAKeyThatBelongsToAnotherRequest) {
  Host host;
  host.ask(1, question("Why?"));
  const ReaderId other = host.ask(1, question("How?"));
  EXPECT_EQ(host.failure(other).error.code, ErrorCode::invalid_request);
  EXPECT_FALSE(host.relay.answer_of(other));
  EXPECT_EQ(host.opened.size(), 1U);
}

TEST(Relay, KeepsNothingOfAnAskThatCannotBegin) {
  Host host;
  auto request = question("Why?");
  request.provider = "nobody";
  const ReaderId reader = host.ask(1, request);
  const auto entries = host.entries(reader);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(in_words(entries[0]), "0 error invalid_request");
  EXPECT_FALSE(host.relay.answer_of(reader));
  EXPECT_EQ(host.relay.figures().answers, 0U);
  EXPECT_EQ(host.ask(1), reader + 1);  // the key is free again
  EXPECT_EQ(host.opened.size(), 1U);
}

TEST(Relay, SaysNothingOfTheKeyOrTheQuestionInErrors) {
  Host host;
  const ReaderId reader = host.ask(1, question("my private question"));
  host.give(ProviderFailed{host.opened[0].run, "connection refused"});
  const stream::Failed failed = host.failure(reader);
  EXPECT_EQ(failed.error.code, ErrorCode::provider_unreachable);
  EXPECT_EQ(failed.provider, "openai");
  EXPECT_TRUE(failed.retryable);
  EXPECT_FALSE(failed.error.hint.empty());
  for (const std::string& text : {failed.error.message, failed.error.hint}) {
    EXPECT_EQ(text.find("sk-secret"), std::string::npos);
    EXPECT_EQ(text.find("private question"), std::string::npos);
  }
  EXPECT_TRUE(host.closed.empty());  // there was no connection to close
}

TEST(RelayReaders, ReadFromAnyCursor) {
  Host host;
  const ReaderId asker = host.ask(1);
  const RunId run = host.opened[0].run;
  host.head(run);
  for (const char* text : {"a", "b", "c"}) host.say(run, text);
  const Id128 answer = *host.relay.answer_of(asker);
  EXPECT_EQ(host.read(host.attach(answer, 0)), (Words{"1 accepted", "4 delta abc"}));
  EXPECT_EQ(host.read(host.attach(answer, 3)), (Words{"4 delta c"}));
  EXPECT_EQ(host.read(host.attach(answer, 4)), Words{});
}

TEST(RelayReaders, AreRefusedAnAnswerOrACursorThatIsNotThere) {
  Host host;
  const ReaderId asker = host.ask(1);
  EXPECT_EQ(host.read(host.attach(id_of(9), 0)), (Words{"0 error not_found"}));
  EXPECT_EQ(host.read(host.attach(*host.relay.answer_of(asker), 2)),
            (Words{"0 error invalid_request"}));
}

TEST(RelayReaders, AreWokenOnceUntilTheyReadAgain) {
  Host host;
  const ReaderId reader = host.ask(1);
  const RunId run = host.opened[0].run;
  EXPECT_EQ(host.wakes_of(reader), 1U);
  host.read(reader);
  host.wakes.clear();
  host.head(run);
  host.say(run, "a");
  host.say(run, "b");
  EXPECT_EQ(host.wakes_of(reader), 1U);
  host.read(reader);
  host.finish(run);
  EXPECT_EQ(host.wakes_of(reader), 2U);
}

TEST(RelayReaders, AreNotWokenOnceTheyHaveLeft) {
  Host host;
  const ReaderId reader = host.ask(1);
  host.read(reader);
  host.wakes.clear();
  host.relay.handle(ProviderFailed{host.opened[0].run, ""}, host.now);
  host.detach(reader);
  EXPECT_TRUE(host.wakes.empty());
  EXPECT_EQ(host.relay.figures().readers, 0U);
}

TEST(RelayReaders, ThatAreTooSlowGetAGap) {
  Config config = test_config();
  config.answer.log_bytes = 300;
  Host host(config);
  const ReaderId reader = host.ask(1);
  const RunId run = host.opened[0].run;
  host.head(run);
  for (int i = 0; i < 100; ++i) host.say(run, "x");
  const Words words = host.read(reader);
  ASSERT_EQ(words.size(), 3U);
  EXPECT_EQ(words[0], "1 accepted");
  EXPECT_EQ(words[1].rfind("0 gap", 0), 0U);
  EXPECT_EQ(words[2].rfind("101 delta xx", 0), 0U);
}

TEST(RelayReaders, PauseTheProviderOnlyWhenAllOfThemAreFarBehind) {
  Config config = test_config();
  config.answer.log_bytes = 1000;
  Host host(config);
  const ReaderId fast = host.ask(1);
  const ReaderId stuck = host.attach(*host.relay.answer_of(fast), 0);
  const RunId run = host.opened[0].run;
  host.head(run);
  for (int i = 0; i < 100; ++i) {
    host.say(run, "a text of some length");
    host.read(fast);
    EXPECT_FALSE(host.paused);
  }
  EXPECT_EQ(host.read(stuck)[1].rfind("0 gap", 0), 0U);

  int said = 0;
  for (; said < 100 && !host.paused; ++said) host.say(run, "a text of some length");
  EXPECT_TRUE(host.paused);
  EXPECT_LT(said, 100);
  host.pass(5min);  // the provider is not to blame for the silence
  EXPECT_EQ(host.relay.figures().running, 1U);
  const Words rest = host.read(fast);
  EXPECT_FALSE(host.paused);
  EXPECT_EQ(rest.size(), 1U) << "nothing of it was lost";
  host.pass(limits::Provider{}.between_bytes);
  EXPECT_EQ(host.failure(fast).error.code, ErrorCode::provider_timeout);
}

TEST(RelayReaders, WhoLeaveLetAPausedProviderGoOn) {
  Config config = test_config();
  config.answer.log_bytes = 1000;
  Host host(config);
  const ReaderId reader = host.ask(1);
  host.head(host.opened[0].run);
  while (!host.paused) host.say(host.opened[0].run, "a text of some length");
  host.detach(reader);
  EXPECT_FALSE(host.paused);
}

TEST(RelayReaders, OfOneAnswerAreBounded) {
  Config config = test_config();
  config.answer.readers_per_answer = 2;
  Host host(config);
  const Id128 answer = *host.relay.answer_of(host.ask(1));
  const ReaderId second = host.attach(answer, 0);
  const ReaderId third = host.attach(answer, 0);
  EXPECT_EQ(host.read(third), (Words{"0 error queue_full"}));
  host.detach(second);
  EXPECT_EQ(host.read(host.attach(answer, 0)), (Words{"1 accepted"}));
}

TEST(RelayCancel, EndsARunAtOnce) {
  Host host;
  const ReaderId reader = host.ask(1);
  const RunId run = host.opened[0].run;
  host.head(run);
  host.say(run, "a");
  const ReaderId canceller = host.cancel(1);
  EXPECT_EQ(host.closed, (std::vector<RunId>{run}));
  EXPECT_EQ(host.read(canceller), (Words{"3 error cancelled"}));
  EXPECT_EQ(host.read(reader), (Words{"1 accepted", "2 delta a", "3 error cancelled"}));
  host.say(run, "late");
  host.give(ProviderEnded{run, true});
  EXPECT_EQ(host.read(reader), Words{});
}

TEST(RelayCancel, EndsARunBeforeItsResponse) {
  Host host;
  const ReaderId reader = host.ask(1);
  host.cancel(1);
  EXPECT_EQ(host.closed.size(), 1U);
  EXPECT_EQ(host.read(reader), (Words{"1 accepted", "2 error cancelled"}));
}

TEST(RelayCancel, TellsHowAnEndedAnswerEnded) {
  Host host;
  host.ask(1);
  host.head(host.opened[0].run);
  host.finish(host.opened[0].run);
  EXPECT_EQ(host.read(host.cancel(1)), (Words{"2 done stop"}));
}

TEST(RelayCancel, HoldsForAnAskThatIsStillOnItsWay) {
  Host host;
  EXPECT_EQ(host.read(host.cancel(1)), (Words{"0 error cancelled"}));
  const ReaderId reader = host.ask(1);
  EXPECT_EQ(host.read(reader), (Words{"0 error cancelled"}));
  EXPECT_TRUE(host.opened.empty());
  host.pass(limits::Answer{}.retention);
  host.ask(1);
  EXPECT_EQ(host.opened.size(), 1U);
}

TEST(RelayCancel, NeedsTheAnswersOwnKey) {
  Host host;
  const Id128 first = *host.relay.answer_of(host.ask(1));
  host.ask(2);
  EXPECT_EQ(host.read(host.cancel(2, first)), (Words{"0 error unauthorized"}));
  EXPECT_EQ(host.read(host.cancel(3, first)), (Words{"0 error unauthorized"}));
  EXPECT_EQ(host.read(host.cancel(3, id_of(99))), (Words{"0 error not_found"}));
  EXPECT_EQ(host.relay.figures().running, 2U);
  EXPECT_EQ(host.read(host.cancel(1, first)), (Words{"2 error cancelled"}));
}

TEST(RelayCancel, KeepsABoundedNumberOfUnknownKeys) {
  Config config = test_config();
  config.answer.answers = 2;
  Host host(config);
  for (std::uint8_t key = 1; key <= 3; ++key) host.detach(host.cancel(key));
  EXPECT_EQ(host.read(host.ask(3)), (Words{"0 error cancelled"}));
  EXPECT_EQ(host.read(host.ask(1)), (Words{"1 accepted"}));
}

TEST(RelayTime, NamesTheLimitThatWasPassed) {
  const auto message_after = [](auto prepare, Duration wait) {
    Host host;
    const ReaderId reader = host.ask(1);
    prepare(host, host.opened[0].run);
    host.pass(wait - 1us);
    EXPECT_EQ(host.relay.figures().running, 1U);
    host.pass(1us);
    EXPECT_EQ(host.closed.size(), 1U);
    const stream::Failed failed = host.failure(reader);
    EXPECT_EQ(failed.error.code, ErrorCode::provider_timeout);
    EXPECT_EQ(failed.provider, "openai");
    return failed.error.message;
  };
  EXPECT_EQ(message_after([](Host&, RunId) {}, 120s),
            "openai did not begin to answer within 120 s.");
  EXPECT_EQ(message_after([](Host& host, RunId run) { host.head(run); }, 120s),
            "openai sent no first byte within 120 s.");
  EXPECT_EQ(message_after(
                [](Host& host, RunId run) {
                  host.head(run);
                  host.say(run, "a");
                },
                60s),
            "openai fell silent for longer than 60 s.");
}

TEST(RelayTime, BoundsTheWholeAnswer) {
  Host host;
  const ReaderId reader = host.ask(1);
  host.head(host.opened[0].run);
  for (int i = 0; i < 41; ++i) {
    host.say(host.opened[0].run, ".");
    host.pass(30s);
  }
  EXPECT_EQ(host.failure(reader).error.message, "The whole answer took longer than 1200 s.");
}

TEST(RelayTime, LetsARunLingerWithoutReadersThenStopsIt) {
  Host host;
  const ReaderId reader = host.ask(1);
  const Id128 answer = *host.relay.answer_of(reader);
  host.detach(reader);
  host.pass(29s);
  EXPECT_TRUE(host.closed.empty());
  const ReaderId back = host.attach(answer, 1);
  host.pass(35s);
  EXPECT_TRUE(host.closed.empty());
  host.detach(back);
  host.pass(30s);
  EXPECT_EQ(host.closed.size(), 1U);
  const ReaderId late = host.attach(answer, 1);
  EXPECT_EQ(host.failure(late).error.message,
            "The answer was stopped because nobody had read it for 30 s.");
}

TEST(RelayTime, KeepsAnEndedAnswerForTheRetention) {
  Host host;
  const Id128 answer = *host.relay.answer_of(host.ask(1));
  host.cancel(1);
  host.pass(10min - 1us);
  EXPECT_EQ(host.read(host.attach(answer, 1)), (Words{"2 error cancelled"}));
  host.pass(1us);
  EXPECT_EQ(host.read(host.attach(answer, 1)), (Words{"0 error not_found"}));
  EXPECT_EQ(host.relay.figures().answers, 0U);
  EXPECT_EQ(host.relay.figures().log_bytes, 0U);
  EXPECT_EQ(host.read(host.ask(1)), (Words{"0 error not_found"}));  // no second run
  host.pass(1h);
  EXPECT_FALSE(host.relay.deadline());
}

TEST(RelayRoom, IsMadeByLettingTheOldestEndedAnswerGo) {
  Config config = test_config();
  config.answer.answers = 2;
  Host host(config);
  const ReaderId first = host.ask(1);
  const ReaderId second = host.ask(2);
  EXPECT_EQ(host.failure(host.ask(3)).error.code, ErrorCode::queue_full);
  host.cancel(2);
  host.cancel(1);
  EXPECT_EQ(host.read(host.ask(4)), (Words{"1 accepted"}));
  EXPECT_EQ(host.read(second), (Words{"0 error not_found"}));
  EXPECT_EQ(host.read(first), (Words{"1 accepted", "2 error cancelled"}));
}

TEST(RelayRoom, OfAllLogsTogetherIsBounded) {
  Config config = test_config();
  config.answer.all_logs_bytes = 20'000;
  Host host(config);
  const ReaderId ended = host.ask(1);
  host.cancel(1);
  const ReaderId reader = host.ask(2);
  const RunId run = host.opened[1].run;
  host.head(run);
  for (int i = 0; i < 300; ++i) host.say(run, std::string(100, 'x'));
  EXPECT_LE(host.relay.figures().log_bytes, 20'000U);
  EXPECT_EQ(host.read(ended), (Words{"0 error not_found"}));
  EXPECT_EQ(host.read(reader).at(1).rfind("0 gap", 0), 0U);
  config.answer.all_logs_bytes = 1;
  Host full(config);
  full.ask(1);
  EXPECT_EQ(full.failure(full.ask(2)).error.code, ErrorCode::queue_full);
}

TEST(RelayLocal, ComposesAFewEventsATurnSoThatStopCanComeBetween) {
  Host host;
  auto request = question("Why?");
  request.provider = "extract";
  for (std::uint32_t i = 0; i < 40; ++i) {
    request.context->push_back({"file" + std::to_string(i) + ".md", 1, 3,
                                "Why it is so is said here.\n\nAnother line says why.\n"});
  }
  const ReaderId reader = host.ask(1, request);
  EXPECT_TRUE(host.opened.empty());
  EXPECT_EQ(host.read(reader), (Words{"1 accepted"}));
  EXPECT_EQ(host.relay.deadline(), host.now);
  host.give(Tick{});
  const auto first_turn = host.entries(reader);
  ASSERT_FALSE(first_turn.empty());
  EXPECT_LE(first_turn.back().cursor, 5U);
  EXPECT_EQ(host.relay.figures().running, 1U);
  host.cancel(1);
  EXPECT_EQ(host.failure(reader).error.code, ErrorCode::cancelled);
  EXPECT_TRUE(host.closed.empty());
}

TEST(RelayLocal, EndsByItself) {
  Host host;
  auto request = question("Why?");
  request.provider = "extract";
  request.context->push_back({"a.md", 1, 1, "Because it is so."});
  const ReaderId reader = host.ask(1, request);
  host.pass(1us);
  const Words words = host.read(reader);
  EXPECT_EQ(words.back().find("done") != std::string::npos, true) << words.back();
  EXPECT_EQ(host.relay.figures().running, 0U);
}

TEST(Relay, PassesOverWhatTheHostReportsOutOfTurn) {
  Host host;
  const ReaderId reader = host.ask(1);
  const RunId run = host.opened[0].run;
  host.say(run, "before its head");
  host.give(Retrieved{run, {}});
  host.head(run);
  host.head(run);
  host.head(777);
  host.say(777, "nobody's");
  host.give(Detach{777});
  host.give(Ask{777, id_of(5), id_of(6), question("?")});
  host.give(ProviderEnded{run, false});
  host.give(ProviderEnded{run, false});
  EXPECT_EQ(host.read(reader), (Words{"1 accepted", "2 error provider_cut"}));
}

}  // namespace
}  // namespace weir::relay
