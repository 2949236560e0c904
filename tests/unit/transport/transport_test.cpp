#include "weir/transport/transport.hpp"

#include <gtest/gtest.h>

#include "support/transport_walk.hpp"
#include "weir/base/random.hpp"

namespace weir::transport {
namespace {

// What the machine does is told by tests/spec/transport; here is what transcripts cannot show.

template <class Wanted>
std::optional<Wanted> next(Transport& machine) {
  while (auto action = machine.poll()) {
    if (auto* wanted = std::get_if<Wanted>(&*action)) return *wanted;
  }
  return std::nullopt;
}

Id128 some_key() {
  Id128 key;
  key.bytes.fill(0xab);
  return key;
}

TEST(Transport, ARequestThatIsNoJsonObjectNeverLeavesThePage) {
  for (const char* request : {"", "{", "[]", "{}{", "nonsense"}) {
    Transport machine{Config{}};
    machine.handle(Ask{1, some_key(), request}, Instant{});
    const auto first = machine.poll();
    ASSERT_TRUE(first);
    const auto* delivered = std::get_if<Deliver>(&*first);
    ASSERT_TRUE(delivered) << request;
    EXPECT_EQ(std::get<stream::Failed>(delivered->entry.event).error.code,
              ErrorCode::invalid_request);
    EXPECT_FALSE(machine.poll()) << "nothing was opened";
  }
}

TEST(Transport, APostSaysWhatItSendsAndWhatItWants) {
  Transport machine{Config{}};
  machine.handle(Ask{1, some_key(), "{\"a\":1}"}, Instant{});
  machine.handle(SocketClosed{1}, Instant{});
  const auto open = next<OpenHttp>(machine);
  ASSERT_TRUE(open);
  EXPECT_EQ(open->method, "POST");
  EXPECT_EQ(open->path, "/v1/answers");
  EXPECT_EQ(open->body, "{\"a\":1}");
  const std::vector<std::pair<std::string, std::string>> headers = {
      {"Accept", "text/event-stream"},
      {"Content-Type", "application/json"},
      {"Weir-Key", std::string("abababababababababababababababab")}};
  EXPECT_EQ(open->headers, headers);
}

TEST(Transport, AFrameLargerThanTheLimitIsACut) {
  Transport machine{Config{}};
  machine.handle(Ask{1, some_key(), "{}"}, Instant{});
  machine.handle(SocketOpened{1}, Instant{});
  const std::string text((1 << 20) + 1, ' ');
  machine.handle(SocketText{1, text}, Instant{});
  EXPECT_TRUE(next<CloseSocket>(machine));
}

TEST(Transport, AnSseLineLargerThanTheLimitIsACut) {
  Transport machine{Config{}};
  machine.handle(Ask{1, some_key(), "{}"}, Instant{});
  machine.handle(SocketClosed{1}, Instant{});
  machine.handle(HttpHead{1, 200, ""}, Instant{});
  machine.handle(HttpBytes{1, "data: " + std::string(2 << 20, 'x')}, Instant{});
  EXPECT_TRUE(next<AbortHttp>(machine));
}

TEST(Transport, CountsWhatItDid) {
  Transport machine{Config{}};
  machine.handle(Ask{1, some_key(), "{}"}, Instant{});
  machine.handle(SocketOpened{1}, Instant{});
  machine.handle(SocketText{1, R"({"type":"alive"})"}, Instant{});
  machine.handle(SocketClosed{1}, Instant{});
  machine.handle(Tick{}, Instant{1s});
  machine.handle(SocketClosed{2}, Instant{1s});
  const Figures figures = machine.figures();
  EXPECT_EQ(figures.sockets_opened, 2U);
  EXPECT_EQ(figures.exchanges_opened, 1U);
  EXPECT_EQ(figures.resumes, 1U);
  EXPECT_EQ(figures.bytes_received, 16U);
}

/// A proxy that sends every response's head and nothing of its body.
TEST(Transport, HeadsAloneDoNotHoldAReaderForEver) {
  Transport machine{Config{}};
  Instant now;
  const auto give = [&](Input input) { machine.handle(std::move(input), now); };
  give(Follow{1, some_key(), 0, std::nullopt});
  for (bool ended = false; !ended;) {
    while (auto action = machine.poll()) {
      if (const auto* open = std::get_if<OpenSocket>(&*action)) give(SocketClosed{open->socket});
      if (const auto* open = std::get_if<OpenHttp>(&*action))
        give(HttpHead{open->exchange, 200, ""});
      ended = ended || std::holds_alternative<Deliver>(*action);
    }
    ASSERT_LT(now, Instant(11min));
    if (const auto at = machine.deadline()) now = *at;
    give(Tick{});
  }
  EXPECT_GE(now, Instant(10min));
}

TEST(Transport, ALargeAskMayTakeItsTimeToGetThere) {
  const std::string request = "{\"a\":\"" + std::string(4 << 20, 'x') + "\"}";
  Transport over_http{Config{}};
  over_http.handle(Ask{1, some_key(), request}, Instant{});
  over_http.handle(SocketClosed{1}, Instant{});
  over_http.handle(Tick{}, Instant(60s));  // a socket is tried once more
  over_http.handle(SocketClosed{2}, Instant(60s));
  ASSERT_EQ(over_http.deadline(), Instant(3s + 64s)) << "only then is the way doubted";
  over_http.handle(Tick{}, Instant(3s + 64s));
  over_http.handle(HttpEnded{2, false}, Instant(3s + 64s));
  EXPECT_EQ(over_http.deadline(), Instant(15s + 64s));
  Transport over_socket{Config{}};
  over_socket.handle(Ask{1, some_key(), request}, Instant{});
  over_socket.handle(SocketOpened{1}, Instant{});
  for (const Duration at : {15s, 30s, 45s, 60s}) {
    over_socket.handle(SocketText{1, R"({"type":"alive"})"}, Instant(at));
  }
  EXPECT_EQ(over_socket.deadline(), Instant(1s + 64s)) << "only then is the socket probed";
}

TEST(Transport, PagesCutOffTogetherDoNotComeBackTogether) {
  std::set<Instant> retries;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Transport machine{Config{{}, seed}};
    machine.handle(Ask{1, some_key(), "{}"}, Instant{});
    machine.handle(SocketOpened{1}, Instant{});
    machine.handle(SocketClosed{1}, Instant{});
    retries.insert(*machine.deadline());
  }
  EXPECT_GT(retries.size(), 40U);
}

TEST(Transport, NoOrderOfInputsBreaksAPromiseToTheHost) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    TransportWalk walk;
    const auto draw = [&random](std::uint32_t bound) {
      return bound == 0 ? 0 : static_cast<std::uint32_t>(random.below(bound));
    };
    for (int i = 0; i < 200; ++i) walk.step(draw);
    walk.finish();
  }
}

}  // namespace
}  // namespace weir::transport
