#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "simulation/world.hpp"
#include "weir/base/id128.hpp"
#include "weir/stream/event.hpp"

namespace weir::simulation {

/// What the provider will do when it is asked a question: OpenAI's bytes, split anywhere, or one of
/// the ways in which it can fail.
struct Script {
  struct Piece {
    Duration wait;
    std::string bytes;
    std::size_t text = 0;  ///< with it, so much of the answer's text is there
  };
  enum class End { closes, breaks, hangs, refuses };

  int status = 200;
  std::vector<Piece> pieces;
  End end = End::closes;

  // what a reader of all of it must see
  bool whole = false;  ///< it ends with `done`
  std::string text;
  std::string reasoning;
  std::vector<stream::ToolCall> tool_calls;
  std::optional<stream::Usage> usage;

  static Script draw(World& world, int question);
};

/// What the edges do when a provider fails or is slow.
struct Policy {
  bool stand_in = false;    ///< a second provider answers where the first cannot
  Duration hedge = 0s;      ///< as in limits::Recovery; with a stand-in only
  std::size_t running = 0;  ///< so many answers run at a time, the others wait; 0: all

  static Policy draw(World& world);
  /// So many calls of an answer fail at most before none is made any more.
  std::size_t calls_most() const;
};

/// How a call fails before anything has come of it, so that another one is made.
enum class Stumble { refuses, breaks, is_overloaded, says_nothing };

/// A question some page asks, and all that is known about it.
struct Question {
  int number = 0;
  Id128 key;
  std::string request;
  std::vector<Stumble> stumbles;  ///< of each process's first calls
  Script script;                  ///< of the calls behind them
  std::optional<Id128> answer;
  int calls = 0;  ///< of the script, in all processes
  /// When the provider had sent how much of the text.
  std::vector<std::pair<Instant, std::size_t>> sent;
  bool disturbed = false;  ///< cancelled by someone, or lost with a process
};

Question draw_question(World& world, const Policy& policy, int number);
/// The number in a provider request's body; 0 where there is none.
int question_in(const std::string& body);

}  // namespace weir::simulation
