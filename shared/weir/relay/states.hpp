#pragma once

#include <array>
#include <cstdint>
#include <optional>

/// The life of an answer's run, as one table. The machine does nothing to a run but step through
/// it; what the host reports out of turn finds no row and is passed over.
namespace weir::relay {

enum class State : std::uint8_t {
  begun,       ///< the ask was taken, and nothing asked of anyone yet
  retrieving,  ///< the packs are searched for passages
  queued,      ///< others are before it
  opening,     ///< the provider has the request; its response has not begun
  streaming,   ///< the response comes in, or the answer is composed in place
  waiting,     ///< the provider has failed; another call is made soon
  ended,       ///< the log is whole; there is no run any more
};

enum class Trigger : std::uint8_t {
  search,       ///< the ask brought no passages
  queue,        ///< a prompt stands, and there is no room to run yet
  open,         ///< a prompt stands, for a provider to be called
  compose,      ///< a prompt stands, for an answer made in place
  head,         ///< the response's status and headers came
  bytes,        ///< a part of the response came, or an event of a composed answer
  finished,     ///< the provider said that the answer is over, well or not
  refused,      ///< no prompt could be made of what was found, or there is no room at all
  failed,       ///< the call came to nothing, and another is to be made
  closed,       ///< the response is over
  unreachable,  ///< there will be no response
  timed_out,    ///< a wait passed its limit
  cancelled,    ///< the asker pressed Stop
  abandoned,    ///< nobody read for the linger time
};

struct Transition {
  State from;
  Trigger trigger;
  State to;
};

inline constexpr std::array<Transition, 39> transitions = {{
    {State::begun, Trigger::search, State::retrieving},
    {State::begun, Trigger::open, State::opening},
    {State::begun, Trigger::compose, State::streaming},
    {State::begun, Trigger::queue, State::queued},
    {State::begun, Trigger::refused, State::ended},

    {State::retrieving, Trigger::open, State::opening},
    {State::retrieving, Trigger::compose, State::streaming},
    {State::retrieving, Trigger::queue, State::queued},
    {State::retrieving, Trigger::refused, State::ended},
    {State::retrieving, Trigger::timed_out, State::ended},
    {State::retrieving, Trigger::cancelled, State::ended},
    {State::retrieving, Trigger::abandoned, State::ended},

    {State::queued, Trigger::open, State::opening},
    {State::queued, Trigger::compose, State::streaming},
    {State::queued, Trigger::refused, State::ended},
    {State::queued, Trigger::timed_out, State::ended},
    {State::queued, Trigger::cancelled, State::ended},
    {State::queued, Trigger::abandoned, State::ended},

    {State::opening, Trigger::head, State::streaming},
    {State::opening, Trigger::failed, State::waiting},
    {State::opening, Trigger::closed, State::ended},
    {State::opening, Trigger::unreachable, State::ended},
    {State::opening, Trigger::timed_out, State::ended},
    {State::opening, Trigger::cancelled, State::ended},
    {State::opening, Trigger::abandoned, State::ended},

    {State::streaming, Trigger::bytes, State::streaming},
    {State::streaming, Trigger::failed, State::waiting},
    {State::streaming, Trigger::finished, State::ended},
    {State::streaming, Trigger::closed, State::ended},
    {State::streaming, Trigger::unreachable, State::ended},
    {State::streaming, Trigger::timed_out, State::ended},
    {State::streaming, Trigger::cancelled, State::ended},
    {State::streaming, Trigger::abandoned, State::ended},

    {State::waiting, Trigger::open, State::opening},
    {State::waiting, Trigger::compose, State::streaming},
    {State::waiting, Trigger::refused, State::ended},
    {State::waiting, Trigger::timed_out, State::ended},
    {State::waiting, Trigger::cancelled, State::ended},
    {State::waiting, Trigger::abandoned, State::ended},
}};

/// Where the trigger leads from this state; nothing where it has no business there.
constexpr std::optional<State> next_state(State from, Trigger trigger) {
  for (const Transition& row : transitions) {
    if (row.from == from && row.trigger == trigger) return row.to;
  }
  return std::nullopt;
}

}  // namespace weir::relay
