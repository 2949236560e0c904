#include <gtest/gtest.h>

#include <string>

#include "unit/relay/support.hpp"

namespace weir::relay {
namespace {

class RelayQueue : public ::testing::Test {
 protected:
  static Config config() {
    Config config = test_config();
    config.admission.running = 1;
    config.admission.queue = 2;
    return config;
  }

  ReaderId ask_as(std::uint8_t key, std::uint64_t client, prompt::ChatRequest request) {
    const ReaderId reader = host.relay.open_reader();
    host.give(Ask{reader, id_of(key), id_of(static_cast<std::uint8_t>(100 + key)),
                  std::move(request), client});
    return reader;
  }
  ReaderId ask_as(std::uint8_t key, std::uint64_t client) {
    return ask_as(key, client, question("Why?"));
  }
  void finish(RunId run) {
    host.head(run);
    host.finish(run);
  }
  /// The positions that a reader was told.
  std::vector<std::uint32_t> positions(ReaderId reader) {
    std::vector<std::uint32_t> positions;
    for (const stream::Entry& entry : host.entries(reader)) {
      if (const auto* queued = std::get_if<stream::Queued>(&entry.event)) {
        positions.push_back(queued->position);
      }
    }
    return positions;
  }

  Host host = Host(config());
};

TEST_F(RelayQueue, TellsWhoWaitsItsPlaceAsItMoves) {
  ask_as(1, 1);
  const ReaderId second = ask_as(2, 2);
  const ReaderId third = ask_as(3, 3);
  EXPECT_EQ(host.read(second), (Words{"1 accepted", "2 queued"}));
  EXPECT_EQ(positions(third), (std::vector<std::uint32_t>{2}));
  EXPECT_EQ(host.opened.size(), 1U);
  EXPECT_EQ(host.relay.figures().queued, 2U);
  finish(host.opened[0].run);
  ASSERT_EQ(host.opened.size(), 2U) << "the next one runs at once";
  host.pass(limits::Admission{}.positions);
  EXPECT_EQ(positions(third), (std::vector<std::uint32_t>{1}));
  host.head(host.opened[1].run);
  host.say(host.opened[1].run, "Hi");
  EXPECT_EQ(host.read(second), (Words{"3 delta Hi"}));
}

TEST_F(RelayQueue, RefusesWhoFindsItFullAndSpendsNoKey) {
  ask_as(1, 1);
  ask_as(2, 2);
  ask_as(3, 3);
  const stream::Failed full = host.failure(ask_as(4, 4));
  EXPECT_EQ(full.error.code, ErrorCode::queue_full);
  EXPECT_EQ(full.retry_after, limits::Admission{}.retry_after);
  EXPECT_TRUE(full.retryable);
  EXPECT_EQ(host.read(ask_as(2, 2)), (Words{"1 accepted", "2 queued"})) << "no new answer";
  finish(host.opened[0].run);
  EXPECT_EQ(host.read(ask_as(4, 4)), (Words{"1 accepted", "2 queued"}));
}

TEST_F(RelayQueue, IsLeftAtOnceWithAStop) {
  ask_as(1, 1);
  const ReaderId second = ask_as(2, 2);
  ask_as(3, 3);
  host.cancel(2);
  EXPECT_EQ(host.failure(second).error.code, ErrorCode::cancelled);
  EXPECT_EQ(host.relay.figures().queued, 1U);
  finish(host.opened[0].run);
  EXPECT_EQ(host.opened.size(), 2U);
  finish(host.opened[1].run);
  EXPECT_EQ(host.opened.size(), 2U) << "no call was made for who had left";
}

TEST_F(RelayQueue, LetsOthersPassWhomNobodyReadsUntilSomebodyDoes) {
  ask_as(1, 1);
  const ReaderId second = ask_as(2, 2);
  ask_as(3, 3);
  host.detach(second);
  finish(host.opened[0].run);
  EXPECT_EQ(host.read(ask_as(2, 2)), (Words{"1 accepted", "2 queued"})) << "it kept its place";
  finish(host.opened[1].run);
  ASSERT_EQ(host.opened.size(), 3U);
  finish(host.opened[2].run);
}

TEST_F(RelayQueue, EndsAWaitThatTakesTooLong) {
  ask_as(1, 1);
  host.head(host.opened[0].run);
  const ReaderId second = ask_as(2, 2);
  for (Duration passed = 0s; passed < limits::Admission{}.queue_wait; passed += 10s) {
    host.say(host.opened[0].run, "...");
    host.pass(10s);
  }
  EXPECT_EQ(host.failure(second).error.code, ErrorCode::queue_full);
  EXPECT_EQ(host.relay.figures().queued, 0U);
}

TEST_F(RelayQueue, ServesPrioritiesInOrder) {
  ask_as(1, 1);
  auto batch = question("Later?");
  batch.priority = "batch";
  ask_as(2, 2, batch);
  const ReaderId person = ask_as(3, 3);
  EXPECT_EQ(positions(person), (std::vector<std::uint32_t>{1}));
  finish(host.opened[0].run);
  ASSERT_EQ(host.opened.size(), 2U);
  EXPECT_EQ(host.opened[1].request.body.find("Later?"), std::string::npos);
}

TEST(RelayAllowance, CountsTokensOfPromptsAndAnswers) {
  Config config = test_config();
  config.admission.tokens_per_minute = 1'000;
  config.admission.queue_wait = 1s;
  Host host(config);
  const auto ask = [&](std::uint8_t key) {
    const ReaderId reader = host.relay.open_reader();
    host.give(
        Ask{reader, id_of(key), id_of(static_cast<std::uint8_t>(100 + key)), question("Why?"), 7});
    return reader;
  };
  ask(1);
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "A");
  host.give(ProviderBytes{
      host.opened[0].run,
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5000}}\n\n"});
  host.finish(host.opened[0].run);
  const stream::Failed refused = host.failure(ask(2));
  EXPECT_EQ(refused.error.code, ErrorCode::rate_limited);
  ASSERT_TRUE(refused.retry_after);
  EXPECT_GT(*refused.retry_after, 4min);
  host.pass(5min);
  EXPECT_EQ(host.read(ask(3)), (Words{"1 accepted"}));
}

TEST(RelayAllowance, CountsAnAnswerItselfWhereNobodyElseDoes) {
  Config config = test_config();
  config.admission.tokens_per_minute = 1'000;
  config.admission.queue_wait = 1s;
  Host host(config);
  const ReaderId reader = host.relay.open_reader();
  host.give(Ask{reader, id_of(1), id_of(101), question("Why?"), 7});
  host.head(host.opened[0].run);
  std::string words;
  for (int i = 0; i < 2'000; ++i) words += " word";
  host.say(host.opened[0].run, words);
  host.finish(host.opened[0].run);
  const ReaderId other = host.relay.open_reader();
  host.give(Ask{other, id_of(2), id_of(102), question("Why?"), 7});
  EXPECT_EQ(host.failure(other).error.code, ErrorCode::rate_limited);
}

}  // namespace
}  // namespace weir::relay
