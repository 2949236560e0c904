#include "weir/relay/states.hpp"

#include <gtest/gtest.h>

namespace weir::relay {
namespace {

constexpr State running_states[] = {State::retrieving, State::queued, State::opening,
                                    State::streaming, State::waiting};

TEST(States, HaveOneWayForEachTrigger) {
  for (const Transition& a : transitions) {
    int rows = 0;
    for (const Transition& b : transitions) {
      rows += a.from == b.from && a.trigger == b.trigger ? 1 : 0;
    }
    EXPECT_EQ(rows, 1);
  }
}

TEST(States, LetStopTimeAndAbandonmentEndARunInEveryPhase) {
  for (const State state : running_states) {
    for (const Trigger trigger : {Trigger::cancelled, Trigger::timed_out, Trigger::abandoned}) {
      EXPECT_EQ(next_state(state, trigger), State::ended);
    }
  }
}

TEST(States, LetNothingFollowTheEnd) {
  for (const Transition& row : transitions) EXPECT_NE(row.from, State::ended);
}

}  // namespace
}  // namespace weir::relay
