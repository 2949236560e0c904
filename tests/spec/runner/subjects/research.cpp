// `research`: the machine of deep research, with whoever searches and answers played by the
// transcript. A passage is written as its path, a colon and its line.
//
//   > ask [with=a.cpp:1,b.cpp:5] Why?     the question, always first
//   > found a.cpp:1 b.cpp:5               > found nothing
//   > found elsewhere                     (who answers retrieves)
//   > accepted openai                     (all that the turn was given is kept)
//   > says text                           (with backslash escapes)
//   > calls {"done":true}                 (the tool)      > calls other {}
//   > switched to extract
//   > done stop                           > error provider_error
//   > stop
//
//   < search plan 1: Why?                 (several queries with | between them)
//   < ask plan 1: Why?
//   <   with a.cpp:1 b.cpp:5              (or: without passages; or: whoever answers retrieves)
//   <   user: ... | assistant: ...        (what stands before the question)
//   < delta "..." | done stop | ...       (for the asker)
//   < cancel
#include <variant>

#include "spec/runner/registry.hpp"
#include "spec/runner/subjects/events.hpp"
#include "spec/runner/words.hpp"
#include "weir/prompt/research.hpp"

namespace weir::spec {
namespace {

using namespace prompt;

Passage passage_of(std::string_view place) {
  const std::size_t colon = place.find(':');
  const auto line = static_cast<std::uint32_t>(number(place.substr(colon + 1)));
  return {std::string(place.substr(0, colon)), line, line + 1, "text"};
}

std::vector<Passage> passages_of(std::string_view places, char between) {
  std::vector<Passage> passages;
  while (!places.empty()) {
    const std::size_t end = std::min(places.find(between), places.size());
    passages.push_back(passage_of(places.substr(0, end)));
    places.remove_prefix(std::min(end + 1, places.size()));
  }
  return passages;
}

std::string turn_name(const ResearchTurn& turn) {
  return std::string(name(turn.stage)) + " " + std::to_string(turn.number);
}

class ResearchSubject : public Subject {
 public:
  explicit ResearchSubject(Cutter& cutter) : cutter_(cutter) {}

  void input(std::string_view line, std::vector<std::string>& out) override {
    std::string_view rest = line;
    const std::string_view word = take_word(rest);
    if (word == "ask") return ask(rest, out);
    if (!machine_) return out.emplace_back("(a question comes first)"), void();
    if (word == "found") return found(rest, out);
    if (word == "stop") return feed(ResearchStop{}, out);
    if (word == "says") return says(unescape(rest), out);
    if (const auto event = event_of(word, rest)) return feed(ResearchEvent{{0, *event}}, out);
    out.emplace_back("(no such input)");
  }

 private:
  void ask(std::string_view rest, std::vector<std::string>& out) {
    ChatRequest request;
    request.repo_url = "me/widgets";
    if (const auto with = option(rest, "with")) {
      request.context = passages_of(*with, ',');
      take_word(rest);
    }
    request.messages = {{Role::user, std::string(rest)}};
    machine_.emplace(std::move(request));
    poll(out);
  }

  void found(std::string_view rest, std::vector<std::string>& out) {
    ResearchFound found;
    if (rest == "nothing") {
      found.context.emplace();
    } else if (rest != "elsewhere") {
      found.context = Context{passages_of(rest, ' '), {}};
    }
    feed(std::move(found), out);
  }

  void says(const std::string& text, std::vector<std::string>& out) {
    for (const std::string_view piece : cutter_.cut(text)) {
      feed(ResearchEvent{{0, stream::Delta{std::string(piece)}}}, out);
    }
  }

  std::optional<stream::Event> event_of(std::string_view word, std::string_view rest) const {
    if (word == "accepted") {
      stream::Accepted accepted;
      accepted.provider = rest;
      accepted.model = "m";
      accepted.kept = given_;
      return accepted;
    }
    if (word == "calls") {
      stream::ToolCall call{0, "c", std::string(research_tool), std::string(rest)};
      if (!rest.starts_with('{')) {
        call.name = take_word(rest);
        call.arguments = rest;
      }
      return call;
    }
    if (word == "switched") {
      take_word(rest);
      return stream::Notice{stream::Notice::Kind::provider_switched, "", std::string(rest), "m"};
    }
    if (word == "done") return stream::Done{std::string(rest)};
    if (word != "error") return std::nullopt;
    stream::Failed failed;
    failed.error.code = error_code(rest).value_or(ErrorCode::internal);
    return failed;
  }

  void feed(ResearchInput input, std::vector<std::string>& out) {
    machine_->handle(std::move(input));
    poll(out);
  }

  void poll(std::vector<std::string>& out) {
    while (auto action = machine_->poll()) {
      std::visit([&](auto& each) { print(each, out); }, *action);
    }
    if (machine_->ended() && !told_) {
      told_ = true;
      out.emplace_back("ended");
    }
  }

  void print(const ResearchSearch& action, std::vector<std::string>& out) {
    std::string line = "search " + turn_name(action.turn) + ":";
    for (const std::string& query : action.turn.queries) {
      line += (&query == &action.turn.queries.front() ? " " : " | ") + query;
    }
    out.push_back(std::move(line));
  }

  void print(const ResearchAsk& action, std::vector<std::string>& out) {
    const ChatRequest& request = action.request;
    out.push_back("ask " + turn_name(*request.research) + ": " + request.question());
    given_.clear();
    std::string line = "  whoever answers retrieves";
    if (request.context) line = request.context->empty() ? "  without passages" : "  with";
    for (const Passage& passage : request.context.value_or(std::vector<Passage>{})) {
      given_.push_back(ref(passage));
      line += " " + passage.path + ":" + std::to_string(passage.start_line);
    }
    out.push_back(std::move(line));
    for (std::size_t i = 0; i + 1 < request.messages.size(); ++i) {
      const Message& message = request.messages[i];
      out.push_back("  " + std::string(name(message.role)) + ": " + escape(message.content));
    }
  }

  /// Pieces of text that lie next to each other are told as one, so that no split can be seen.
  void print(const ResearchDeliver& action, std::vector<std::string>& out) {
    const auto* delta = std::get_if<stream::Delta>(&action.entry.event);
    if (delta && !out.empty() && out.back() == spec::print(stream::Delta{said_})) {
      said_ += delta->text;
      out.back() = spec::print(stream::Delta{said_});
    } else {
      said_ = delta ? delta->text : std::string();
      out.push_back(spec::print(action.entry));
    }
  }

  void print(const ResearchCancel&, std::vector<std::string>& out) { out.emplace_back("cancel"); }

  Cutter& cutter_;
  std::optional<Research> machine_;
  std::vector<PassageRef> given_;
  std::string said_;
  bool told_ = false;
};

}  // namespace

std::unique_ptr<Subject> make_research(Cutter& cutter) {
  return std::make_unique<ResearchSubject>(cutter);
}

}  // namespace weir::spec
