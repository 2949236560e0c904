#include <gtest/gtest.h>

#include "weir/wire/frames.hpp"

namespace weir::wire {
namespace {

TEST(HttpError, GoesBothWays) {
  const stream::Failed failed{{ErrorCode::rate_limited, "Too many questions.", "Wait."},
                              "",
                              true,
                              std::chrono::milliseconds(3000)};
  EXPECT_EQ(write_error_body(failed),
            R"({"error":{"code":"rate_limited","message":"Too many questions.","hint":"Wait.",)"
            R"("retryable":true,"retry_after_ms":3000}})");
  EXPECT_EQ(read_error_body(429, write_error_body(failed)), failed);
}

TEST(HttpError, OfAnotherServerIsInternalWithItsStatus) {
  for (const char* body : {"<html>Bad gateway</html>", "", "{}", R"({"error":"x"})",
                           R"({"error":{"code":7}})", R"({"error":{"message":"no code"}})"}) {
    const stream::Failed failed = read_error_body(502, body);
    EXPECT_EQ(failed.error.code, ErrorCode::internal);
    EXPECT_NE(failed.error.message.find("502"), std::string::npos);
    EXPECT_TRUE(failed.retryable);
    EXPECT_EQ(failed.error.message.find("html"), std::string::npos);
  }
  EXPECT_FALSE(read_error_body(404, "").retryable);
}

TEST(HttpError, OfAProxyThatTakesNoLargeRequestSaysSo) {
  const stream::Failed failed = read_error_body(413, "<html>Request Entity Too Large</html>");
  EXPECT_EQ(failed.error.code, ErrorCode::request_too_large);
  EXPECT_FALSE(failed.retryable);
}

TEST(HttpStatus, TellsWhoseFaultItIs) {
  EXPECT_EQ(http_status(ErrorCode::invalid_request), 400);
  EXPECT_EQ(http_status(ErrorCode::unauthorized), 401);
  EXPECT_EQ(http_status(ErrorCode::not_found), 404);
  EXPECT_EQ(http_status(ErrorCode::request_too_large), 413);
  EXPECT_EQ(http_status(ErrorCode::queue_full), 503);
  EXPECT_EQ(http_status(ErrorCode::provider_timeout), 504);
  EXPECT_EQ(http_status(ErrorCode::internal), 500);
}

}  // namespace
}  // namespace weir::wire
