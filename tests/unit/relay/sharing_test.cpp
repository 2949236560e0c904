#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/sha256.hpp"
#include "unit/relay/support.hpp"
#include "weir/base/random.hpp"

namespace weir::relay {
namespace {

class RelaySharing : public ::testing::Test {
 protected:
  static Config config() {
    Config config = test_config();
    config.digests = &weir::testing::digests;
    config.on_ended = [](const AnswerReport& report) { reports().push_back(report); };
    reports().clear();
    return config;
  }
  static std::vector<AnswerReport>& reports() {
    static std::vector<AnswerReport> all;
    return all;
  }

  ReaderId ask(std::uint8_t key, Client client, prompt::ChatRequest request = question("Why?")) {
    const ReaderId reader = host.relay.open_reader();
    host.give(Ask{reader, id_of(key), id_of(static_cast<std::uint8_t>(100 + key)),
                  std::move(request), std::move(client)});
    return reader;
  }
  stream::Accepted accepted(ReaderId reader) {
    const auto entries = host.entries(reader);
    if (entries.empty() || !std::holds_alternative<stream::Accepted>(entries[0].event)) {
      ADD_FAILURE() << "it was not accepted";
      return {};
    }
    return std::get<stream::Accepted>(entries[0].event);
  }
  void answer(RunId run, std::string_view text = "So.") {
    host.head(run);
    host.say(run, text);
    host.finish(run);
  }

  Host host = Host(config());
};

const Words whole = {"1 accepted", "2 delta So.", "3 done stop"};

TEST_F(RelaySharing, GivesAnEndedAnswerToWhoAsksTheSame) {
  const ReaderId first = ask(1, 7);
  answer(host.opened[0].run);
  EXPECT_EQ(host.read(first), whole);
  const ReaderId second = ask(2, 7);
  EXPECT_EQ(host.opened.size(), 1U);
  EXPECT_EQ(host.relay.answer_of(second), id_of(102)) << "an id of its own";
  EXPECT_EQ(host.read(second), whole);
  EXPECT_EQ(host.read(host.attach(id_of(102), 1)), (Words{"2 delta So.", "3 done stop"}));
  const stream::Accepted told = accepted(host.attach(id_of(102), 0));
  EXPECT_EQ(told.answer, id_of(102));
  EXPECT_EQ(told.reused, stream::Reused::ended);
  const stream::Accepted told_first = accepted(host.attach(id_of(101), 0));
  EXPECT_EQ(told_first.answer, id_of(101));
  EXPECT_EQ(told_first.reused, stream::Reused::no);
}

TEST_F(RelaySharing, LetsWhoAsksTheSameJoinARunningAnswer) {
  const ReaderId first = ask(1, 7);
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "So");
  const ReaderId second = ask(2, 7);
  EXPECT_EQ(host.opened.size(), 1U);
  EXPECT_EQ(host.read(second), (Words{"1 accepted", "2 delta So"}));
  host.say(host.opened[0].run, ".");
  EXPECT_EQ(host.wakes_of(second), 2U) << "once to begin, once to go on";
  host.finish(host.opened[0].run);
  EXPECT_EQ(host.read(second), (Words{"3 delta .", "4 done stop"}));
  EXPECT_EQ(host.read(first), (Words{"1 accepted", "3 delta So.", "4 done stop"}));
  EXPECT_EQ(accepted(host.attach(id_of(102), 0)).reused, stream::Reused::running);
  EXPECT_EQ(host.relay.figures().running, 0U);
}

TEST_F(RelaySharing, GoesByWhatIsAskedAndNotByHowItIsWritten) {
  ask(1, 7);
  prompt::ChatRequest same = question("Why?");
  same.provider = "openai";
  same.model = "gpt-4o";
  same.priority = "batch";
  ask(2, 7, same);
  EXPECT_EQ(host.opened.size(), 1U) << "the defaults, by their names";
  std::uint8_t key = 10;
  const auto differs = [&](auto change) {
    prompt::ChatRequest request = question("Why?");
    change(request);
    const std::size_t before = host.opened.size();
    ask(++key, 7, request);
    return host.opened.size() == before + 1;
  };
  using Request = prompt::ChatRequest;
  EXPECT_TRUE(differs([](Request& request) { request.messages[0].content = "Why"; }));
  EXPECT_TRUE(differs([](Request& request) { request.model = "gpt-4o-mini"; }));
  EXPECT_FALSE(differs([](Request& request) { request.language = "ja"; }))
      << "of a plain request the messages are all there is";
  EXPECT_TRUE(differs([](Request& request) { request.generation.temperature = "0.5"; }));
  EXPECT_TRUE(differs([](Request& request) { request.generation.stop = {"."}; }));
  EXPECT_TRUE(differs([](Request& request) { request.generation.answer_tokens = 9; }));
  EXPECT_TRUE(differs([](Request& request) { request.tools = {{"look", "", "", false}}; }));
  EXPECT_TRUE(differs([](Request& request) {
    request.messages.insert(request.messages.begin(), {prompt::Role::system, "Be short."});
  }));
  const auto passage = [](std::uint32_t line, std::string text) {
    return [=](Request& request) {
      request.repo_url = "https://example.org/a/b";
      request.context = {{"a.c", line, line + 1, text}};
    };
  };
  EXPECT_TRUE(differs(passage(1, "int a;")));
  EXPECT_TRUE(differs(passage(2, "int a;"))) << "it is cited by its lines";
  EXPECT_TRUE(differs(passage(1, "int b;"))) << "another version of the pack";
  EXPECT_FALSE(differs(passage(1, "int a;")));
}

TEST_F(RelaySharing, KeepsClientsApartUnlessTold) {
  ask(1, 7);
  ask(2, 8);
  EXPECT_EQ(host.opened.size(), 2U);
  ask(3, 0);
  ask(4, 0);
  EXPECT_EQ(host.opened.size(), 4U) << "who cannot be told apart shares nothing";
  Config shared = config();
  shared.cache_shared = true;
  host.give(Reconfigure{std::make_shared<Config>(shared)});
  ask(5, 7);
  ask(6, 8);
  ask(7, 0);
  EXPECT_EQ(host.opened.size(), 5U);
}

TEST_F(RelaySharing, AsksAnewWhereItIsToldTo) {
  ask(1, 7);
  answer(host.opened[0].run);
  prompt::ChatRequest anew = question("Why?");
  anew.no_cache = true;
  const ReaderId second = ask(2, 7, anew);
  ASSERT_EQ(host.opened.size(), 2U);
  answer(host.opened[1].run, "Because.");
  EXPECT_EQ(host.read(second), (Words{"1 accepted", "2 delta Because.", "3 done stop"}));
  EXPECT_EQ(host.read(ask(3, 7)), (Words{"1 accepted", "2 delta Because.", "3 done stop"}))
      << "from now on that is the answer";
  Client by_header(7);
  by_header.no_cache = true;
  ask(4, by_header);
  EXPECT_EQ(host.opened.size(), 3U);
}

TEST_F(RelaySharing, KeepsNeitherErrorsNorWhatWasCancelled) {
  ask(1, 7);
  host.give(ProviderHead{host.opened[0].run, 400, {}});
  host.give(ProviderEnded{host.opened[0].run, true});
  ask(2, 7);
  ASSERT_EQ(host.opened.size(), 2U);
  host.cancel(2);
  ask(3, 7);
  EXPECT_EQ(host.opened.size(), 3U);
  EXPECT_EQ(host.relay.figures().cached, 0U);
}

TEST_F(RelaySharing, KeepsWithinItsTimeAndItsBytes) {
  ask(1, 7);
  answer(host.opened[0].run);
  EXPECT_EQ(host.relay.figures().cached, 1U);
  EXPECT_EQ(host.relay.figures().cached_bytes, host.relay.figures().log_bytes);
  host.pass(limits::Cache{}.keep + 1s);
  EXPECT_EQ(host.relay.figures().cached, 0U);
  EXPECT_EQ(host.relay.figures().log_bytes, 0U) << "the answer's own time is over, too";
  ask(2, 7);
  EXPECT_EQ(host.opened.size(), 2U);

  Config small = config();
  small.cache.bytes = 2'000;
  host.give(Reconfigure{std::make_shared<Config>(small)});
  for (std::uint8_t key = 10; key < 14; ++key) {
    ask(key, 7, question(std::string(key, 'w')));
    answer(host.opened.back().run, std::string(900, 'a'));
  }
  EXPECT_EQ(host.relay.figures().cached, 1U);
  EXPECT_LE(host.relay.figures().cached_bytes, 2'000U);
  ask(20, 7, question(std::string(13, 'w')));
  EXPECT_EQ(host.opened.size(), 6U) << "the newest one is kept";
}

TEST_F(RelaySharing, GivesItsMemoryToAnswersFirst) {
  Config full = config();
  full.answer.all_logs_bytes = 3'000;
  full.answer.retention = 1s;
  host.give(Reconfigure{std::make_shared<Config>(full)});
  ask(1, 7);
  answer(host.opened[0].run, std::string(1'500, 'a'));
  host.pass(2s);
  EXPECT_EQ(host.relay.figures().answers, 0U);
  EXPECT_EQ(host.relay.figures().cached, 1U);
  ask(2, 7, question("And then?"));
  answer(host.opened[1].run, std::string(1'500, 'b'));
  EXPECT_EQ(host.relay.figures().answers, 1U);
  EXPECT_LE(host.relay.figures().log_bytes, 3'000U);
}

TEST_F(RelaySharing, EndsAnAnswerForWhoStopsItAlone) {
  const ReaderId first = ask(1, 7);
  const ReaderId second = ask(2, 7);
  host.head(host.opened[0].run);
  host.say(host.opened[0].run, "So");
  EXPECT_EQ(host.read(first), (Words{"1 accepted", "2 delta So"}));
  EXPECT_EQ(host.read(host.cancel(1)), (Words{"3 error cancelled"}));
  EXPECT_EQ(host.read(first), (Words{"3 error cancelled"}));
  EXPECT_TRUE(host.closed.empty()) << "the other goes on";
  host.say(host.opened[0].run, ".");
  EXPECT_EQ(host.read(host.attach(id_of(101), 1)), (Words{"2 delta So", "3 error cancelled"}));
  EXPECT_EQ(host.read(second), (Words{"1 accepted", "3 delta So."}));
  host.cancel(2);
  EXPECT_EQ(host.closed.size(), 1U) << "nobody is left";
  EXPECT_EQ(host.read(second), (Words{"4 error cancelled"}));
  EXPECT_EQ(host.relay.figures().running, 0U);
}

TEST_F(RelaySharing, LingersWhenTheLastReaderOfAnyAskerHasGone) {
  const ReaderId first = ask(1, 7);
  const ReaderId second = ask(2, 7);
  host.detach(first);
  host.pass(limits::Answer{}.linger * 2);
  EXPECT_TRUE(host.closed.empty());
  host.cancel(1);
  host.detach(second);
  host.pass(limits::Answer{}.linger / 2);
  EXPECT_TRUE(host.closed.empty());
  const ReaderId third = ask(3, 7);
  host.pass(limits::Answer{}.linger);
  EXPECT_TRUE(host.closed.empty()) << "there is a reader again";
  host.detach(third);
  host.pass(limits::Answer{}.linger * 2);
  EXPECT_EQ(host.closed.size(), 1U);
}

TEST_F(RelaySharing, SharesWhatTheEdgeItselfHasSearchedFor) {
  prompt::ChatRequest about = question("Why?");
  about.repo_url = "https://example.org/a/b";
  about.context.reset();
  const ReaderId first = ask(1, 7, about);
  const ReaderId second = ask(2, 7, about);
  ASSERT_EQ(host.retrieves.size(), 2U);
  const prompt::Context found{{{"a.c", 1, 2, "int a;"}}, {}};
  host.give(Retrieved{host.retrieves[0].run, found});
  host.give(Retrieved{host.retrieves[1].run, found});
  ASSERT_EQ(host.opened.size(), 1U);
  EXPECT_EQ(host.wakes_of(second), 1U);
  answer(host.opened[0].run);
  EXPECT_EQ(host.read(first), whole);
  EXPECT_EQ(host.read(second), whole);
}

TEST_F(RelaySharing, WaitsInTheBetterClassOfWhoWants) {
  Config one = config();
  one.admission.running = 1;
  host.give(Reconfigure{std::make_shared<Config>(one)});
  ask(1, 7, question("First"));
  const auto ask_with = [&](std::uint8_t key, std::string text, std::string priority) {
    prompt::ChatRequest request = question(std::move(text));
    request.priority = std::move(priority);
    ask(key, 7, request);
  };
  ask_with(2, "Slow", "batch");
  ask_with(3, "Looked into", "research");
  ask_with(4, "Slow", "interactive");
  host.cancel(1);
  ASSERT_EQ(host.opened.size(), 2U);
  EXPECT_NE(host.opened[1].request.body.find("Slow"), std::string::npos);
}

TEST_F(RelaySharing, CountsARequestOfItsClientButNoTokens) {
  Config limited = config();
  limited.admission.requests_per_minute = 2;
  limited.admission.queue_wait = 1s;
  host.give(Reconfigure{std::make_shared<Config>(limited)});
  ask(1, 7);
  answer(host.opened[0].run);
  EXPECT_EQ(host.read(ask(2, 7)), whole);
  EXPECT_EQ(host.failure(ask(3, 7)).error.code, ErrorCode::rate_limited);
}

TEST_F(RelaySharing, ReportsEachAskerAndEachCallOnce) {
  ask(1, 7);
  ask(2, 7);
  host.cancel(1);
  answer(host.opened[0].run);
  ask(3, 7);
  ASSERT_EQ(reports().size(), 3U);
  EXPECT_EQ(reports()[0].outcome, "cancelled");
  EXPECT_EQ(reports()[0].calls, 0U);
  EXPECT_EQ(reports()[1].outcome, "done");
  EXPECT_EQ(reports()[1].calls, 1U) << "who is left has made it";
  EXPECT_EQ(reports()[1].reused, stream::Reused::running);
  EXPECT_EQ(reports()[2].calls, 0U);
  EXPECT_EQ(reports()[2].reused, stream::Reused::ended);
  EXPECT_EQ(host.relay.meters().ended.at("done"), 2U);
  EXPECT_EQ(host.relay.meters().reused.at("running"), 1U);
  EXPECT_EQ(host.relay.meters().reused.at("ended"), 1U);
}

TEST_F(RelaySharing, GivesNobodyAStandInsAnswer) {
  Config chain = config();
  provider::Provider second = chain.catalog.providers[0];
  second.name = "second";
  chain.catalog.providers.push_back(second);
  chain.fallbacks = {"second"};
  host.give(Reconfigure{std::make_shared<Config>(chain)});
  ask(1, 7);
  host.give(ProviderFailed{host.opened[0].run, "refused"});
  host.pass(10s);
  ASSERT_EQ(host.opened.size(), 2U);
  answer(host.opened[1].run);
  EXPECT_EQ(host.relay.figures().cached, 0U);
}

/// An asker of one of a few questions, and what the test knows of it.
struct Visitor {
  std::uint8_t key = 0;
  std::vector<ReaderId> readers;
  std::string text;  ///< read so far, by the first of its readers
  std::string end;
};

/// Whatever askers, readers and the provider do in whatever order: each asker reads its own answer
/// whole or up to where it stopped it, and no call lives without an asker or is made beside
/// another.
TEST_F(RelaySharing, HoldsWhateverIsDoneInWhateverOrder) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Host one(config());
    Random random(seed);
    std::vector<Visitor> visitors;
    std::string said;
    std::optional<RunId> run;
    const auto read = [&](Visitor& visitor) {
      for (std::size_t i = 0; i < visitor.readers.size(); ++i) {
        for (const stream::Entry& entry : one.entries(visitor.readers[i])) {
          if (i > 0) continue;
          if (const auto* accepted = std::get_if<stream::Accepted>(&entry.event)) {
            EXPECT_EQ(accepted->answer, one.relay.answer_of(visitor.readers[0])) << seed;
          }
          if (const auto* delta = std::get_if<stream::Delta>(&entry.event)) {
            visitor.text += delta->text;
          }
          if (!stream::ends_answer(entry.event)) continue;
          visitor.end = in_words({0, entry.event}).substr(2);
        }
      }
    };
    const auto is_open = [](const Visitor& visitor) { return visitor.end.empty(); };
    for (int step = 0; step < 60; ++step) {
      const std::size_t calls = one.opened.size();
      Visitor* const some =
          visitors.empty() ? nullptr
                           : &visitors[static_cast<std::size_t>(random.below(visitors.size()))];
      switch (random.below(8)) {
        case 0:
        case 1: {
          if (visitors.size() == 100) break;
          Visitor fresh;
          fresh.key = static_cast<std::uint8_t>(1 + visitors.size());
          const ReaderId reader = one.relay.open_reader();
          one.give(Ask{reader, id_of(fresh.key), id_of(static_cast<std::uint8_t>(100 + fresh.key)),
                       question("Why?"), Client(7)});
          fresh.readers = {reader};
          visitors.push_back(fresh);
          if (one.opened.size() > calls) {
            EXPECT_FALSE(run) << seed << ": one call is under way";
            run = one.opened.back().run;
            said.clear();
            one.head(*run);
          }
          break;
        }
        case 2:
          if (some) read(*some);
          break;
        case 3:
          if (some) some->readers.push_back(one.attach(*one.relay.answer_of(some->readers[0]), 0));
          break;
        case 4:
          if (!some || !is_open(*some)) break;
          one.detach(one.cancel(some->key));
          read(*some);
          EXPECT_FALSE(is_open(*some)) << seed;
          break;
        case 5:
          if (!run) break;
          one.finish(*run);
          run.reset();
          one.pass(limits::Cache{}.keep / 20);
          break;
        default:
          if (!run) break;
          said += "w" + std::to_string(step);
          one.say(*run, "w" + std::to_string(step));
      }
      if (run && !one.closed.empty() && one.closed.back() == *run) {
        for (Visitor& visitor : visitors) {
          read(visitor);
          EXPECT_FALSE(is_open(visitor)) << seed << ": somebody still wanted it";
        }
        run.reset();
      }
      if (run) {
        for (Visitor& visitor : visitors) {
          if (!is_open(visitor)) continue;
          read(visitor);
          if (is_open(visitor)) {
            EXPECT_EQ(visitor.text, said) << seed;
          }
        }
      }
    }
    if (run) one.finish(*run);
    for (Visitor& visitor : visitors) {
      read(visitor);
      EXPECT_TRUE(visitor.end == "done stop" || visitor.end == "error cancelled") << seed;
      for (const ReaderId reader : visitor.readers) one.detach(reader);
    }
    one.pass(1h);
    const Figures figures = one.relay.figures();
    EXPECT_EQ(figures.answers + figures.running + figures.readers + figures.log_bytes, 0U) << seed;
  }
}

TEST_F(RelaySharing, IsOffWhereNothingIsToBeKept) {
  Config off = config();
  off.cache.keep = 0s;
  host.give(Reconfigure{std::make_shared<Config>(off)});
  ask(1, 7);
  ask(2, 7);
  EXPECT_EQ(host.opened.size(), 2U);
}

}  // namespace
}  // namespace weir::relay
