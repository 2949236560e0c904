#include "weir/base/backoff.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Backoff, WaitsBelowACeilingThatDoublesUpToTheMost) {
  Random random(1);
  Backoff backoff;
  Duration ceiling = 250ms;
  for (int i = 0; i < 20; ++i) {
    EXPECT_LE(backoff.next(random, 250ms, 10s), std::min<Duration>(ceiling, 10s));
    ceiling = std::min<Duration>(2 * ceiling, 10s);
  }
}

TEST(Backoff, UsesTheWholeRange) {
  Random random(1);
  Backoff backoff;
  Duration longest{};
  Duration shortest = 10s;
  for (int i = 0; i < 200; ++i) {
    const Duration wait = backoff.next(random, 250ms, 10s);
    if (i < 10) continue;
    longest = std::max(longest, wait);
    shortest = std::min(shortest, wait);
  }
  EXPECT_GT(longest, 9s);
  EXPECT_LT(shortest, 1s);
}

TEST(Backoff, BeginsAnewAfterProgress) {
  Random random(1);
  Backoff backoff;
  for (int i = 0; i < 10; ++i) (void)backoff.next(random, 250ms, 10s);
  backoff.reset();
  EXPECT_LE(backoff.next(random, 250ms, 10s), 250ms);
}

}  // namespace
}  // namespace weir
