#include "weir/relay/meters.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace weir::relay {
namespace {

class MetersTest : public ::testing::Test {
 protected:
  static Config config(std::vector<AnswerReport>& reports) {
    Config config = test_config();
    config.on_ended = [&](const AnswerReport& report) { reports.push_back(report); };
    return config;
  }

  std::vector<AnswerReport> reports;
  Host host{config(reports)};

  const ModelFigures& figures() const {
    return host.relay.meters().calls.by_model().begin()->second;
  }
};

TEST_F(MetersTest, TimeACallAndItsChunks) {
  host.ask(1);
  const RunId run = host.opened.back().run;
  host.now += 20ms;
  host.head(run);
  host.now += 30ms;
  host.say(run, "a");
  host.now += 100ms;
  host.say(run, "b");
  host.now += 10ms;
  host.finish(run);
  EXPECT_DOUBLE_EQ(figures().first_chunk.sum(), 0.05);
  EXPECT_DOUBLE_EQ(figures().next_chunk.sum(), 0.1);
  ASSERT_EQ(figures().duration.size(), 1U);
  EXPECT_EQ(figures().duration.begin()->first, "");
  EXPECT_DOUBLE_EQ(figures().duration.begin()->second.sum(), 0.16);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].outcome, "done");
  EXPECT_EQ(reports[0].first, 50ms);
  EXPECT_EQ(reports[0].whole, 160ms);
  EXPECT_EQ(reports[0].calls, 1U);
}

TEST_F(MetersTest, TellACallByTheErrorThatEndedIt) {
  const ReaderId reader = host.ask(1);
  host.now += 1s;
  host.give(Cancel{reader, id_of(1), std::nullopt});
  ASSERT_EQ(figures().duration.size(), 1U);
  EXPECT_EQ(figures().duration.begin()->first, "cancelled");
  EXPECT_EQ(reports.at(0).outcome, "cancelled");
  EXPECT_EQ(reports[0].first, std::nullopt);
  EXPECT_EQ(host.relay.meters().ended.at("cancelled"), 1U);
}

TEST_F(MetersTest, GiveModelsThatAnybodyMayNameOnePlace) {
  for (std::uint8_t key = 1; key <= 3; ++key) {
    prompt::ChatRequest request = question("Why?");
    request.model = "made-up-" + std::to_string(key);
    host.ask(key, std::move(request));
  }
  ASSERT_EQ(host.relay.meters().calls.by_model().size(), 1U);
  EXPECT_EQ(host.relay.meters().calls.by_model().begin()->first.model, "_OTHER");
}

TEST_F(MetersTest, SendATraceOnOnlyWhereThereIsOne) {
  host.ask(1);
  Client client(7);
  client.trace.id = id_of(0xab);
  host.give(Ask{host.relay.open_reader(), id_of(2), id_of(102), question("Why?"), client});
  const auto header = [&](std::size_t at) -> std::string {
    for (const provider::Header& each : host.opened.at(at).request.headers) {
      if (each.name == "traceparent") return each.value;
    }
    return "";
  };
  EXPECT_EQ(header(0), "");
  EXPECT_EQ(header(1).substr(0, 36), "00-" + to_hex(id_of(0xab)) + "-");
}

TEST(Histogram, CountsUpToAndWithItsBounds) {
  Histogram histogram(seconds_bounds);
  for (const double value : {0.0, 0.01, 0.011, 81.92, 100.0}) histogram.observe(value);
  EXPECT_EQ(histogram.counts().front(), 2U);
  EXPECT_EQ(histogram.counts()[1], 1U);
  EXPECT_EQ(histogram.counts()[13], 1U);
  EXPECT_EQ(histogram.counts().back(), 1U);
}

}  // namespace
}  // namespace weir::relay
