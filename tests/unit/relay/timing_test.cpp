#include <gtest/gtest.h>

#include "unit/relay/support.hpp"

namespace weir::relay {
namespace {

stream::Done done_of(Host& host, ReaderId reader) {
  const auto entries = host.entries(reader);
  if (entries.empty() || !std::holds_alternative<stream::Done>(entries.back().event)) {
    ADD_FAILURE() << "it is not done";
    return {};
  }
  return std::get<stream::Done>(entries.back().event);
}

void answer(Host& host, RunId run) {
  host.now += 300ms;
  host.head(run);
  host.now += 100ms;
  host.say(run, "So");
  host.now += 2s;
  host.finish(run);
}

TEST(Timing, SaysWhereTheTimeWent) {
  Config config = test_config();
  config.admission.running = 1;
  Host host(config);
  host.ask(1, question("Before?"));
  prompt::ChatRequest about = question("Why?");
  about.repo_url = "https://example.org/a/b";
  about.context.reset();
  const ReaderId reader = host.ask(2, about);
  host.now += 50ms;
  host.give(Retrieved{host.retrieves.at(0).run, prompt::Context{}});
  host.now += 1s;
  host.cancel(1);
  ASSERT_EQ(host.opened.size(), 2U);
  answer(host, host.opened[1].run);
  const stream::Done done = done_of(host, reader);
  EXPECT_EQ(done.timing, (stream::Timing{50, 1000, 0, 400, 2000, 3450, 1}));
  EXPECT_FALSE(done.price) << "nobody has said it";
}

TEST(Timing, CountsTheCallsThatFailed) {
  Config config = test_config();
  config.recovery.retries = 1;
  Host host(config);
  const ReaderId reader = host.ask(1);
  host.now += 1s;
  host.give(ProviderFailed{host.opened[0].run, "refused"});
  host.pass(10s);
  ASSERT_EQ(host.opened.size(), 2U);
  answer(host, host.opened[1].run);
  const auto timing = done_of(host, reader).timing;
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->calls, 2U);
  EXPECT_GE(timing->whole_ms, 3400U);
}

TEST(Timing, IsNoneWhereNobodyWasAsked) {
  Host host;
  prompt::ChatRequest offline = question("Why?");
  offline.provider = "extract";
  const ReaderId reader = host.ask(1, offline);
  host.pass(1s);
  EXPECT_FALSE(done_of(host, reader).timing);
}

TEST(Price, IsWhatTheTokensCost) {
  Config config = test_config();
  provider::Model model;
  model.id = "gpt-4o";
  model.price = {2.5, 10, "USD"};
  config.catalog.providers[0].models = {model};
  Host host(config);
  const ReaderId reader = host.ask(1);
  const RunId run = host.opened[0].run;
  host.head(run);
  host.say(run, "So");
  host.give(ProviderBytes{
      run,
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1001,\"completion_tokens\":20}}"
      "\n\ndata: [DONE]\n\n"});
  EXPECT_EQ(done_of(host, reader).price, (stream::Price{2703, "USD"}));
}

}  // namespace
}  // namespace weir::relay
