#include "weir/base/error.hpp"

#include <gtest/gtest.h>

#include "weir/base/result.hpp"

namespace weir {
namespace {

TEST(ErrorCode, EveryNameLeadsBackToItsCode) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::pack_unsupported); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_EQ(error_code(name(code)), code);
  }
  EXPECT_FALSE(error_code("no_such_code"));
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = 7;
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 7);
  const Result<int> bad = Error{ErrorCode::not_found, "No such file.", ""};
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace weir
