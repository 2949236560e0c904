#include "weir/relay/bulk_embedding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "weir/base/random.hpp"

namespace weir::relay {
namespace {

constexpr std::uint32_t dimensions = 3;

class BulkEmbeddingTest : public testing::Test {
 protected:
  BulkEmbeddingTest() {
    job.provider.name = "openai";
    job.provider.kind = provider::Provider::Kind::openai;
    job.provider.base_url = "http://p/v1";
    job.provider.api_key = "first";
    job.model = "m";
  }

  BulkEmbedding& begin(std::size_t texts) {
    for (std::size_t i = 0; i < texts; ++i) job.texts.push_back("text " + std::to_string(i));
    bulk.emplace(job, config, now);
    gather();
    return *bulk;
  }

  void gather() {
    while (auto action = bulk->poll()) {
      if (auto* open = std::get_if<OpenProvider>(&*action)) {
        open_[open->run] = open->request;
        ++calls;
      } else if (auto* close = std::get_if<CloseProvider>(&*action)) {
        open_.erase(close->run);
      }
    }
    while (auto part = bulk->take_part()) {
      for (std::size_t i = 0; i < part->directions.size(); ++i)
        EXPECT_TRUE(got.emplace(part->first + i, part->directions[i]).second);
    }
  }

  void answer(RunId run, int status, const std::string& body,
              std::vector<provider::Header> headers = {}) {
    open_.erase(run);
    bulk->handle(ProviderSent{run}, now);
    bulk->handle(ProviderHead{run, status, std::move(headers)}, now);
    bulk->handle(ProviderBytes{run, body}, now);
    bulk->handle(ProviderEnded{run, true}, now);
    gather();
  }

  static std::size_t inputs_of(const provider::HttpRequest& request) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = request.body.find("\"text ", at)) != std::string::npos; ++at)
      ++count;
    return count;
  }

  static std::string vectors(std::size_t count, const std::string& vector = "[1,0.5,-1]") {
    std::string body = R"({"data":[)";
    for (std::size_t i = 0; i < count; ++i)
      body += (i > 0 ? "," : "") + (R"({"index":)" + std::to_string(i)) + R"(,"embedding":)" +
              vector + "}";
    return body + "]}";
  }

  void answer_all() {
    while (!open_.empty()) {
      const auto [run, request] = *open_.begin();
      answer(run, 200, vectors(inputs_of(request)));
    }
  }

  void wait() {
    ASSERT_TRUE(bulk->deadline());
    now = *bulk->deadline();
    bulk->handle(Tick{}, now);
    gather();
  }

  ErrorCode failure() const {
    EXPECT_TRUE(bulk->ended() && bulk->failure());
    return bulk->failure() ? bulk->failure()->error.code : ErrorCode::internal;
  }

  Instant now{1h};
  BulkJob job;
  BulkConfig config;
  std::optional<BulkEmbedding> bulk;
  std::map<RunId, provider::HttpRequest> open_;
  std::map<std::size_t, retrieval::EmbeddingDirection> got;
  std::size_t calls = 0;
};

TEST_F(BulkEmbeddingTest, DividesTextsIntoCallsOfWhichAFewRunAtATime) {
  begin(1000);
  EXPECT_EQ(open_.size(), config.bulk.calls);
  answer_all();
  EXPECT_TRUE(bulk->ended());
  EXPECT_FALSE(bulk->failure());
  EXPECT_EQ(calls, 8U);  // of 128
  ASSERT_EQ(got.size(), 1000U);
  EXPECT_EQ(got.at(999), (retrieval::EmbeddingDirection{127, 64, -127}));
  EXPECT_EQ(bulk->dimensions(), dimensions);
  EXPECT_FALSE(bulk->deadline());
}

TEST_F(BulkEmbeddingTest, KeepsCallsSmall) {
  EXPECT_EQ(BulkEmbedding::count_calls({}, 128, {}), 0U);
  EXPECT_EQ(BulkEmbedding::count_calls(std::vector<std::size_t>(256, 10), 128, {}), 2U);
  const std::size_t half = limits::BulkEmbedding().call_bytes / 2;
  EXPECT_EQ(BulkEmbedding::count_calls({half, half, half, 10 * half, 1}, 128, {}), 4U);
}

TEST_F(BulkEmbeddingTest, OfNothingHasEnded) {
  begin(0);
  EXPECT_TRUE(bulk->ended());
  EXPECT_FALSE(bulk->failure());
  EXPECT_EQ(calls, 0U);
}

TEST_F(BulkEmbeddingTest, WaitsAsLongAsItIsAskedTo) {
  begin(1);
  answer(1, 429, R"({"error":{"message":"slow","type":"rate_limit_exceeded"}})",
         {{"retry-after", "20"}});
  EXPECT_TRUE(open_.empty());
  const auto pause = bulk->pause(now);
  ASSERT_TRUE(pause);
  EXPECT_EQ(pause->until, now + 20s);
  EXPECT_EQ(pause->why->error.code, ErrorCode::provider_quota);
  now += 19s;
  bulk->handle(Tick{}, now);
  gather();
  EXPECT_TRUE(open_.empty());
  wait();
  EXPECT_EQ(open_.size(), 1U);
  answer_all();
  EXPECT_FALSE(bulk->failure());
  EXPECT_EQ(got.size(), 1U);
}

TEST_F(BulkEmbeddingTest, AsksForNothingTwiceWhateverPasses) {
  config.bulk.retries = 100;
  begin(600);
  std::map<std::string, int> paid;
  Random random(4);
  while (!bulk->ended()) {
    if (open_.empty()) {
      wait();
      continue;
    }
    const auto [run, request] = *open_.begin();
    const std::uint64_t fate = random.below(3);
    if (fate == 1) {
      answer(run, 503, "{}");
    } else if (fate == 2) {
      open_.erase(run);
      bulk->handle(ProviderFailed{run, "no route", false}, now);
      gather();
    } else {
      ++paid[request.body];
      answer(run, 200, vectors(inputs_of(request)));
    }
  }
  EXPECT_FALSE(bulk->failure());
  EXPECT_EQ(got.size(), 600U);
  for (const auto& [body, times] : paid) EXPECT_EQ(times, 1);
}

TEST_F(BulkEmbeddingTest, GivesUpAfterSoManyTries) {
  config.bulk.retries = 2;
  begin(1);
  for (int i = 0; i < 2; ++i) {
    answer(static_cast<RunId>(i + 1), 500, "{}");
    wait();
  }
  answer(3, 500, "{}");
  EXPECT_EQ(failure(), ErrorCode::provider_error);
  EXPECT_EQ(calls, 3U);
}

TEST_F(BulkEmbeddingTest, StillTakesWhatIsOnItsWay) {
  begin(600);
  answer(1, 401, R"({"error":{"message":"no","code":"invalid_api_key"}})");
  EXPECT_FALSE(bulk->ended());
  EXPECT_EQ(open_.size(), 3U);
  answer_all();
  EXPECT_EQ(failure(), ErrorCode::provider_auth);
  EXPECT_EQ(got.size(), 3U * 128);
  EXPECT_EQ(calls, 4U);
}

TEST_F(BulkEmbeddingTest, TakesTheOtherKeyWhereOneIsUsedUp) {
  job.provider.more_keys = {"second"};
  begin(1);
  answer(1, 429, "{}");
  ASSERT_EQ(open_.size(), 1U);
  const auto& headers = open_.begin()->second.headers;
  EXPECT_NE(
      std::find(headers.begin(), headers.end(), provider::Header{"authorization", "Bearer second"}),
      headers.end());
  answer(2, 429, "{}");
  EXPECT_TRUE(open_.empty());
  EXPECT_TRUE(bulk->pause(now));
}

TEST_F(BulkEmbeddingTest, RefusesVectorsThatAreNotWhatTheyShouldBe) {
  for (const char* const wrong : {"[1,2]", "[]", "[1,2,null]", "[1,2,\"x\"]", "[1,2,1e39]", "7"}) {
    job.dimensions = dimensions;
    job.texts.clear();
    got.clear();
    open_.clear();
    begin(1);
    answer(1, 200, vectors(1, wrong));
    // What cannot be read at all may be better the next time.
    for (int i = 0; !bulk->ended() && i < 100; ++i) {
      if (open_.empty())
        wait();
      else
        answer(open_.begin()->first, 200, vectors(1, wrong));
    }
    EXPECT_EQ(failure(), ErrorCode::provider_error) << wrong;
    EXPECT_TRUE(got.empty()) << wrong;
  }
}

TEST_F(BulkEmbeddingTest, EndsInTimeWhereSomebodyWaits) {
  config.bulk.whole = 2s;
  begin(1);
  EXPECT_EQ(*bulk->deadline(), now + 2s);
  wait();
  EXPECT_EQ(failure(), ErrorCode::provider_timeout);
  EXPECT_TRUE(open_.empty());
}

TEST_F(BulkEmbeddingTest, AsksForDimensionsWhereTheyAreWanted) {
  job.dimensions = dimensions;
  job.shortened = true;
  begin(1);
  EXPECT_NE(open_.begin()->second.body.find("\"dimensions\":3"), std::string::npos);
}

}  // namespace
}  // namespace weir::relay
