#include "engine/researcher.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"

namespace weir::client {
namespace {

limits::Research limits_for(std::size_t turns) {
  limits::Research limits;
  limits.turns = std::min(limits.turns, static_cast<std::uint32_t>(turns));
  return limits;
}

transport::Deliver refusal(Ref ref, Error error) {
  stream::Failed failed;
  failed.error = std::move(error);
  return {ref, {0, std::move(failed)}};
}

}  // namespace

void Researcher::handle(ResearchInput input, Instant now) {
  std::visit([&](auto&& part) { take(std::move(part), now); }, std::move(input));
  drain(now);
}

std::optional<ResearchAction> Researcher::poll() {
  if (actions_.empty()) return std::nullopt;
  ResearchAction action = std::move(actions_.front());
  actions_.pop_front();
  return action;
}

void Researcher::take(ResearchAsk ask, Instant now) {
  if (ask.turns.empty()) return;
  const Ref ref = ask.turns.front().ref;
  Result<prompt::ChatRequest> question = prompt::parse_request(ask.turns.front().request);
  if (!question) return actions_.emplace_back(Told{refusal(ref, question.error())}), void();
  prompt::Research machine(*std::move(question), limits_for(ask.turns.size()));
  running_.emplace(
      ref,
      Running{
          std::move(machine), std::move(ask.turns), 0, ask.searched, ask.question_searched, {}});
  run(ref, false, now);
}

void Researcher::take(Input input, Instant now) {
  if (!cancel(input, now)) client_.handle(std::move(input), now);
}

/// True where it is a research that is to be stopped.
bool Researcher::cancel(const Input& input, Instant now) {
  const auto* network = std::get_if<transport::Input>(&input);
  const auto* stop = network ? std::get_if<transport::Cancel>(network) : nullptr;
  const auto found = stop ? running_.find(stop->ref) : running_.end();
  if (found == running_.end()) return false;
  found->second.machine.handle(prompt::ResearchStop{});
  run(stop->ref, false, now);
  return true;
}

/// Passes on what the client wants, but for the events of turns.
void Researcher::drain(Instant now) {
  while (std::optional<Action> action = client_.poll()) {
    if (auto* here = std::get_if<DeliverLocal>(&*action)) {
      if (take_event(here->deliver, true, now)) continue;
    }
    auto* network = std::get_if<transport::Action>(&*action);
    if (auto* deliver = network ? std::get_if<transport::Deliver>(network) : nullptr) {
      if (take_event(*deliver, false, now)) continue;
    }
    actions_.emplace_back(*std::move(action));
  }
}

bool Researcher::take_event(transport::Deliver& deliver, bool local, Instant now) {
  const auto turn = turns_.find(deliver.ref);
  if (turn == turns_.end()) return false;
  const Ref research = turn->second;
  if (stream::ends_answer(deliver.entry.event)) turns_.erase(turn);
  running_.at(research).machine.handle(prompt::ResearchEvent{std::move(deliver.entry)});
  run(research, local, now);
  return true;
}

void Researcher::run(Ref research, bool local, Instant now) {
  Running& running = running_.at(research);
  while (std::optional<prompt::ResearchAction> action = running.machine.poll()) {
    carry_out(research, *action, local, now);
  }
  if (running.machine.ended()) running_.erase(research);
}

void Researcher::carry_out(Ref research, prompt::ResearchAction& action, bool local, Instant now) {
  Running& running = running_.at(research);
  if (auto* wanted = std::get_if<prompt::ResearchSearch>(&action)) {
    search(research, std::move(wanted->turn));
  } else if (auto* ask = std::get_if<prompt::ResearchAsk>(&action)) {
    begin_turn(research, std::move(ask->request), now);
  } else if (auto* told = std::get_if<prompt::ResearchDeliver>(&action)) {
    actions_.emplace_back(Told{{research, std::move(told->entry)}, local});
  } else {
    client_.handle(transport::Cancel{running.turns[running.begun - 1].ref}, now);
  }
}

void Researcher::search(Ref research, prompt::ResearchTurn turn) {
  Running& running = running_.at(research);
  prompt::ChatRequest request = running.machine.question();
  request.research = std::move(turn);
  const bool for_question = request.searches() == std::vector{request.question()};
  if (!running.searched || (for_question && !running.question_searched))
    return running.machine.handle(prompt::ResearchFound{});
  actions_.emplace_back(FindForTurn{research, std::move(request)});
}

void Researcher::take(FoundForTurn found, Instant now) {
  const auto running = running_.find(found.research);
  if (running == running_.end()) return;
  prompt::ResearchFound told;
  if (found.found) {
    for (std::size_t i = 0; i < found.found->hits.size(); ++i) {
      const Passage& passage = found.found->context.passages[i];
      running->second.hits[{passage.path, passage.start_line}] = std::move(found.found->hits[i]);
    }
    told.context = std::move(found.found->context);
  }
  running->second.machine.handle(std::move(told));
  run(found.research, false, now);
}

void Researcher::begin_turn(Ref research, prompt::ChatRequest request, Instant now) {
  Running& running = running_.at(research);
  WEIR_ASSERT(running.begun < running.turns.size());
  Ask ask = running.turns[running.begun++];
  Stage stage{research, *request.research, static_cast<std::uint32_t>(running.turns.size()), {}};
  if (request.context) {
    stage.hits.emplace();
    for (const Passage& passage : *request.context) {
      const auto hit = running.hits.find({passage.path, passage.start_line});
      if (hit != running.hits.end()) stage.hits->push_back(hit->second);
    }
  }
  actions_.emplace_back(std::move(stage));
  turns_.emplace(ask.ref, research);
  ask.request = prompt::write_request(request);
  client_.handle(std::move(ask), now);
}

}  // namespace weir::client
