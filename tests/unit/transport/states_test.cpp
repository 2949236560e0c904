#include "weir/transport/states.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace weir::transport {
namespace {

template <class State, class Move, std::size_t rows>
void expect_deterministic(const Transition<State, Move> (&table)[rows]) {
  std::set<std::pair<State, Move>> seen;
  for (const auto& row : table) EXPECT_TRUE(seen.emplace(row.from, row.move).second);
}

template <class State, class Move, std::size_t rows>
std::set<State> reachable(const Transition<State, Move> (&table)[rows], State start) {
  std::set<State> states{start};
  for (std::size_t i = 0; i < rows; ++i) {
    for (const auto& row : table) {
      if (states.count(row.from) > 0) states.insert(row.to);
    }
  }
  return states;
}

TEST(TransportStates, OneMoveLeadsToOneState) {
  expect_deterministic(answer_transitions);
  expect_deterministic(socket_transitions);
}

TEST(TransportStates, EveryStateIsReached) {
  EXPECT_EQ(reachable(answer_transitions, Phase::resting).size(), 8U);
  EXPECT_EQ(reachable(socket_transitions, SocketState::opening).size(), 4U);
}

TEST(TransportStates, AnAnswerCanEndInEveryStateAndNeverAfter) {
  std::set<Phase> can_end;
  for (const auto& row : answer_transitions) {
    EXPECT_NE(row.from, Phase::ended);
    if (row.move == Move::end) can_end.insert(row.from);
  }
  EXPECT_EQ(can_end.size(), 7U);
}

TEST(TransportStates, EveryConnectionCanBeCut) {
  for (const Phase phase : {Phase::boarding, Phase::on_socket, Phase::requesting, Phase::streaming,
                            Phase::refused, Phase::stopping}) {
    Phase state = phase;
    step(answer_transitions, state, Move::cut);
    EXPECT_EQ(state, Phase::resting);
  }
}

}  // namespace
}  // namespace weir::transport
