#include "limits_config.hpp"

#include <gtest/gtest.h>

namespace weir::edge {
namespace {

Result<void> apply(limits::Edge& limits, std::string_view text) {
  ConfigReader reader;
  read_limits(reader, limits, "limits", *json::parse(text));
  return reader.result();
}

/// The first sentence of what is wrong.
std::string error_of(std::string_view text) {
  limits::Edge ignored;
  const auto applied = apply(ignored, text);
  const std::string message = applied ? "" : applied.error().message;
  return message.substr(0, message.find(" Known here"));
}

TEST(ReadLimits, SetsWhatIsNamedAndLeavesTheRest) {
  limits::Edge limits;
  ASSERT_TRUE(apply(
      limits,
      R"({"answer": {"linger": 5, "log_bytes": 1024}, "server": {"drain": 0.5, "gather": 0.0005},)"
      R"( "provider": {"tls": 3}, "upstream": {"idle_per_origin": 0}})"));
  EXPECT_EQ(limits.answer.linger, 5s);
  EXPECT_EQ(limits.answer.log_bytes, 1024U);
  EXPECT_EQ(limits.server.drain, 500ms);
  EXPECT_EQ(limits.server.gather, 500us);
  EXPECT_EQ(limits.provider.tls, 3s);
  EXPECT_EQ(limits.upstream.idle_per_origin, 0U);
  EXPECT_EQ(limits.answer.retention, limits::Answer{}.retention);
}

TEST(ReadLimits, NamesWhatIsWrong) {
  EXPECT_EQ(error_of("[]"), "limits must be an object.");
  EXPECT_EQ(error_of(R"({"answers": {}})"), "limits.answers is not a member of a config file.");
  EXPECT_EQ(error_of(R"({"answer": 1})"), "limits.answer must be an object.");
  EXPECT_EQ(error_of(R"({"answer": {"lingers": 1}})"),
            "limits.answer.lingers is not a member of a config file.");
  EXPECT_EQ(error_of(R"({"answer": {"log_bytes": -1}})"),
            "limits.answer.log_bytes must be a whole number from 0 to 1099511627776.");
  EXPECT_EQ(error_of(R"({"answer": {"log_bytes": 1.5}})"),
            "limits.answer.log_bytes must be a whole number from 0 to 1099511627776.");
  for (const char* text : {R"({"server": {"drain": "30"}})", R"({"server": {"drain": -1}})",
                           R"({"server": {"drain": 1e12}})"}) {
    EXPECT_EQ(error_of(text), "limits.server.drain must be a number of seconds, at most 30 days.");
  }
}

}  // namespace
}  // namespace weir::edge
