#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/client.hpp"
#include "weir/prompt/research.hpp"

namespace weir::client {

/// What was found here for a turn, and its passages as JSON for whoever shows them.
struct FoundHere {
  prompt::Context context;
  std::vector<std::string> hits;
};
/// Answers FindForTurn; nothing: it is left to whoever answers.
struct FoundForTurn {
  Ref research = 0;
  std::optional<FoundHere> found;
};

/// A question that is researched in turns, each an ask of its own.
struct ResearchAsk {
  /// One for each turn that there may be; the first one's `request` asks the question, and under
  /// its `ref` all is told. As asks do, the same turns with the same keys bring the same research.
  std::vector<Ask> turns;
  /// Whether turns are searched for here, and the question itself, which may be too long for that.
  bool searched = false;
  bool question_searched = true;
};

/// Search for a turn of this research, whose request has no passages.
struct FindForTurn {
  Ref research = 0;
  prompt::ChatRequest request;
};

/// A turn begins.
struct Stage {
  Ref ref = 0;
  prompt::ResearchTurn turn;
  std::uint32_t turns_most = 0;
  std::optional<std::vector<std::string>> hits;  ///< what was found here for it, as JSON
};

/// An event of a research. The first one that ends an answer ends the research.
struct Told {
  transport::Deliver deliver;
  bool local = false;  ///< its turn is answered here
};

using ResearchInput = std::variant<ResearchAsk, FoundForTurn, Input>;
using ResearchAction = std::variant<FindForTurn, Stage, Told, Action>;

/// The client with prompt::Research before it. Asks of one turn pass through as they are.
class Researcher {
 public:
  explicit Researcher(Config config) : client_(std::move(config)) {}

  void handle(ResearchInput input, Instant now);
  std::optional<ResearchAction> poll();
  std::optional<Instant> deadline() const { return client_.deadline(); }

  const Client& client() const { return client_; }

 private:
  struct Running {
    prompt::Research machine;
    std::vector<Ask> turns;
    std::size_t begun = 0;  ///< of the turns
    bool searched = false, question_searched = true;
    std::map<std::pair<std::string, std::uint32_t>, std::string> hits;  ///< by path and first line
  };

  void take(ResearchAsk ask, Instant now);
  void take(FoundForTurn found, Instant now);
  void take(Input input, Instant now);
  bool cancel(const Input& input, Instant now);
  void drain(Instant now);
  bool take_event(transport::Deliver& deliver, bool local, Instant now);
  void run(Ref research, bool local, Instant now);
  void carry_out(Ref research, prompt::ResearchAction& action, bool local, Instant now);
  void search(Ref research, prompt::ResearchTurn turn);
  void begin_turn(Ref research, prompt::ChatRequest request, Instant now);

  Client client_;
  std::map<Ref, Running> running_;
  std::map<Ref, Ref> turns_;  ///< of those that run, to their research
  std::deque<ResearchAction> actions_;
};

}  // namespace weir::client
