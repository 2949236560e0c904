#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/base/assert.hpp"

/// The machine's states and every way between them. The code moves by step() only, which traps on a
/// move that no row allows.
///
///     an answer                                      a WebSocket
///
///       resting --board--> boarding                    opening --opened--> open --drain-->
///       draining
///        |  ^  ^              |  |                        |                 |                |
///        |  |  +--cut---------+  |                        +------close------+------close-----+
///        |  +--cut-- on_socket <-+--send---+                                |
///        |              ^ |                |                                v
///        +--send--------+-|----------------+                             closed
///        |                +--stop--+
///        +--request--> requesting  |  --head--> streaming
///        |                 |   +---|-refusal--> refused     (each of these --cut--> resting)
///        +--stop-----> stopping <--+
///
///     from requesting and streaming also --again--> resting
///     and from every state --end--> ended
namespace weir::transport {

/// What an answer is doing now.
enum class Phase : std::uint8_t {
  resting,     ///< tries again at a set time
  boarding,    ///< waits for a socket to open
  on_socket,   ///< its frames come over a socket
  requesting,  ///< an HTTP exchange was opened, its head is not there
  streaming,   ///< its events come over HTTP
  refused,     ///< an HTTP error's body is being read
  stopping,    ///< a DELETE is under way
  ended,       ///< the reader was told the end; forgotten before the next input
};

enum class Move : std::uint8_t {
  board,
  send,
  request,
  stop,
  head,
  refusal,
  cut,
  again,  ///< nothing went wrong, but another exchange is to go on
  end,
};

enum class SocketState : std::uint8_t {
  opening,   ///< asked for
  open,      ///< takes what is asked
  draining,  ///< takes nothing new; brings its answers to their end
  closed,
};

enum class SocketMove : std::uint8_t { opened, drain, close };

template <class State, class Move>
struct Transition {
  State from;
  Move move;
  State to;
};

constexpr Transition<Phase, Move> answer_transitions[] = {
    {Phase::resting, Move::board, Phase::boarding},
    {Phase::resting, Move::send, Phase::on_socket},
    {Phase::resting, Move::request, Phase::requesting},
    {Phase::resting, Move::stop, Phase::stopping},
    {Phase::boarding, Move::send, Phase::on_socket},
    {Phase::boarding, Move::cut, Phase::resting},
    {Phase::on_socket, Move::cut, Phase::resting},
    {Phase::on_socket, Move::stop, Phase::stopping},
    {Phase::requesting, Move::head, Phase::streaming},
    {Phase::requesting, Move::refusal, Phase::refused},
    {Phase::requesting, Move::cut, Phase::resting},
    {Phase::requesting, Move::again, Phase::resting},
    {Phase::streaming, Move::cut, Phase::resting},
    {Phase::streaming, Move::again, Phase::resting},
    {Phase::refused, Move::cut, Phase::resting},
    {Phase::stopping, Move::cut, Phase::resting},
    {Phase::resting, Move::end, Phase::ended},
    {Phase::boarding, Move::end, Phase::ended},
    {Phase::on_socket, Move::end, Phase::ended},
    {Phase::requesting, Move::end, Phase::ended},
    {Phase::streaming, Move::end, Phase::ended},
    {Phase::refused, Move::end, Phase::ended},
    {Phase::stopping, Move::end, Phase::ended},
};

constexpr Transition<SocketState, SocketMove> socket_transitions[] = {
    {SocketState::opening, SocketMove::opened, SocketState::open},
    {SocketState::open, SocketMove::drain, SocketState::draining},
    {SocketState::opening, SocketMove::close, SocketState::closed},
    {SocketState::open, SocketMove::close, SocketState::closed},
    {SocketState::draining, SocketMove::close, SocketState::closed},
};

template <class State, class Move, std::size_t rows>
void step(const Transition<State, Move> (&table)[rows], State& state, Move move) {
  for (const auto& row : table) {
    if (row.from != state || row.move != move) continue;
    state = row.to;
    return;
  }
  WEIR_ASSERT(false);
}

}  // namespace weir::transport
