#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/base/passage.hpp"
#include "weir/prompt/context.hpp"
#include "weir/prompt/request.hpp"
#include "weir/prompt/research_signal.hpp"
#include "weir/stream/event.hpp"

/// The machine of deep research: a question is looked into in several turns, each an ask of its own
/// with passages of its own, until a turn says that all is found out or the turns are used up. The
/// last turn is asked for the conclusion. No clock: what comes in decides alone.
namespace weir::prompt {

/// The provider that has no model, and so nothing more to say in a second turn.
constexpr std::string_view without_model = "extract";

/// What a turn brought, as later turns are told of it.
struct Finding {
  std::vector<std::string> queries;  ///< what it looked up; empty: the question
  std::string text;
};
/// Puts findings before the question, which is the last message.
void add_findings(std::vector<Message>& messages, const std::vector<Finding>& findings);

// -- inputs

/// Answers Search. Nothing: whoever answers the ask retrieves for it.
struct ResearchFound {
  std::optional<Context> context;
};

/// An event of the turn that was asked for last.
struct ResearchEvent {
  stream::Entry entry;
};

/// The asker wants no more: the turn that runs is stopped, and none follows.
struct ResearchStop {};

using ResearchInput = std::variant<ResearchFound, ResearchEvent, ResearchStop>;

// -- actions

/// Look these up, for the turn that begins; answer with ResearchFound.
struct ResearchSearch {
  ResearchTurn turn;  ///< `queries` is never empty: the question stands there if nothing else does
};

/// Ask this, under a key of its own; answer with each ResearchEvent of it.
struct ResearchAsk {
  ChatRequest request;  ///< its `research` says which turn it is
};

/// For the asker: an event of the running turn, without the signal. The `done` of a turn that
/// another follows is not told; so the first event that ends an answer ends the research.
struct ResearchDeliver {
  stream::Entry entry;
};

/// End the running turn's answer; its events are still wanted.
struct ResearchCancel {};

using ResearchAction = std::variant<ResearchSearch, ResearchAsk, ResearchDeliver, ResearchCancel>;

// -- the states

enum class ResearchState : std::uint8_t { searching, asking, stopping, ended };

enum class ResearchMove : std::uint8_t {
  found,  ///< the passages for a turn are there
  next,   ///< a turn is over, and another follows
  end,    ///< a turn is over, and none follows
  stop,   ///< the asker wants no more
};

struct ResearchTransition {
  ResearchState from;
  ResearchMove move;
  ResearchState to;
};

/// What finds no row here is passed over.
inline constexpr std::array<ResearchTransition, 6> research_transitions = {{
    {ResearchState::searching, ResearchMove::found, ResearchState::asking},
    {ResearchState::searching, ResearchMove::stop, ResearchState::ended},
    {ResearchState::asking, ResearchMove::next, ResearchState::searching},
    {ResearchState::asking, ResearchMove::end, ResearchState::ended},
    {ResearchState::asking, ResearchMove::stop, ResearchState::stopping},
    {ResearchState::stopping, ResearchMove::end, ResearchState::ended},
}};

// -- the machine

class Research {
 public:
  /// `request` asks the question. Passages that it brings serve the first turn, which is then not
  /// searched for.
  explicit Research(ChatRequest request, const limits::Research& limits = {});

  void handle(ResearchInput input);
  std::optional<ResearchAction> poll();

  bool ended() const { return state_ == ResearchState::ended; }
  /// The request that asks the question, without passages.
  const ChatRequest& question() const { return question_; }

 private:
  bool step(ResearchMove move);
  void on(ResearchFound& input);
  void on(ResearchEvent& input);
  void on(ResearchStop& input);
  void take(stream::Cursor cursor, stream::Event& event);
  void deliver(stream::Cursor cursor, stream::Event event);
  void show(stream::Cursor cursor, std::string text);

  void search();
  ChatRequest request_for_turn(std::optional<Context> context);
  std::vector<Passage> choose(std::vector<Passage> found) const;
  void turn_done(stream::Entry entry);
  void keep_finding();
  std::optional<ResearchTurn> next_turn() const;

  limits::Research limits_;
  ChatRequest question_;
  ResearchState state_ = ResearchState::searching;
  std::deque<ResearchAction> actions_;

  std::vector<Finding> findings_;
  std::vector<PassageRef> seen_;  ///< given to earlier turns
  std::vector<Passage> cited_;    ///< by earlier turns, for the conclusion

  // of the running turn
  ResearchTurn turn_;
  ResearchReader reader_;
  std::string text_;
  std::string provider_;
  std::vector<Passage> given_;
  std::vector<PassageRef> kept_;
};

}  // namespace weir::prompt
