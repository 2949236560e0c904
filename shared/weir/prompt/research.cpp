#include "weir/prompt/research.hpp"

#include <algorithm>
#include <utility>

#include "weir/prompt/cited_text.hpp"
#include "weir/prompt/request_reader.hpp"
#include "weir/text/utf8.hpp"

namespace weir::prompt {
namespace {

/// Stands in the conversation before what a turn brought.
std::string asked_of_turn(const std::vector<std::string>& queries, bool first) {
  if (first) return "Plan the research.";
  std::string out = "Go on with the research";
  for (const std::string& query : queries) {
    out.append(&query == &queries.front() ? ": " : "; ").append(query);
  }
  return out + ".";
}

PassageRef ref_of(const PassageRef& passage) {
  return passage;
}
PassageRef ref_of(const Passage& passage) {
  return ref(passage);
}

/// A passage is known by where it begins: for want of room it may be cut at its end.
template <class Place>
bool holds(const std::vector<Place>& passages, const PassageRef& wanted) {
  return std::any_of(passages.begin(), passages.end(), [&](const Place& each) {
    const PassageRef place = ref_of(each);
    return place.path == wanted.path && place.start_line == wanted.start_line;
  });
}

/// Cut behind a whole line where there is one.
std::string shortened(std::string text, std::size_t bytes_most) {
  if (text.size() <= bytes_most) return text;
  text.resize(text::utf8_floor(text, bytes_most));
  if (const std::size_t line = text.rfind('\n'); line != std::string::npos) text.resize(line);
  return text + "\n[...]";
}

stream::Failed stopped() {
  stream::Failed failed;
  failed.error = {ErrorCode::cancelled, "The research was stopped.", ""};
  return failed;
}

}  // namespace

void add_findings(std::vector<Message>& messages, const std::vector<Finding>& findings) {
  Message question = std::move(messages.back());
  messages.pop_back();
  for (const Finding& finding : findings) {
    const bool first = &finding == &findings.front();
    messages.push_back({Role::user, asked_of_turn(finding.queries, first)});
    messages.push_back({Role::assistant, finding.text});
  }
  messages.push_back(std::move(question));
}

Research::Research(ChatRequest request, const limits::Research& limits)
    : limits_(limits), question_(std::move(request)), reader_(limits) {
  if (question_.priority.empty()) question_.priority = "research";
  if (limits_.turns <= 1) turn_.stage = ResearchStage::conclusion;
  if (question_.context) {
    ResearchFound brought{Context{*std::exchange(question_.context, std::nullopt), {}}};
    on(brought);
  } else {
    search();
  }
}

void Research::handle(ResearchInput input) {
  std::visit([this](auto& each) { on(each); }, input);
}

std::optional<ResearchAction> Research::poll() {
  if (actions_.empty()) return std::nullopt;
  ResearchAction action = std::move(actions_.front());
  actions_.pop_front();
  return action;
}

bool Research::step(ResearchMove move) {
  for (const ResearchTransition& row : research_transitions) {
    if (row.from != state_ || row.move != move) continue;
    state_ = row.to;
    return true;
  }
  return false;
}

// -- a turn begins

void Research::search() {
  ResearchTurn turn = turn_;
  if (turn.queries.empty()) turn.queries.push_back(question_.question());
  actions_.emplace_back(ResearchSearch{std::move(turn)});
}

void Research::on(ResearchFound& input) {
  if (!step(ResearchMove::found)) return;
  if (input.context) input.context->passages = choose(std::move(input.context->passages));
  actions_.emplace_back(ResearchAsk{request_for_turn(std::move(input.context))});
}

/// What no turn has seen comes first: a search that is repeated brings something new. The
/// conclusion has what the findings rest on before that.
std::vector<Passage> Research::choose(std::vector<Passage> found) const {
  std::vector<Passage> chosen;
  std::size_t room = limits_.passages;
  if (turn_.stage == ResearchStage::conclusion) {
    chosen = cited_;
    room += cited_.size();
  }
  for (const bool again : {false, true}) {
    for (const Passage& passage : found) {
      if (chosen.size() >= room) break;
      if (holds(seen_, ref(passage)) != again || holds(chosen, ref(passage))) continue;
      chosen.push_back(passage);
    }
  }
  return chosen;
}

ChatRequest Research::request_for_turn(std::optional<Context> context) {
  ChatRequest request = question_;
  add_findings(request.messages, findings_);
  request.research = turn_;
  given_.clear();
  if (!context) return request;
  given_ = std::move(context->passages);
  for (const Passage& passage : given_) seen_.push_back(ref(passage));
  request.context = given_;
  if (!request.file) request.file = std::move(context->file);
  return request;
}

// -- a turn streams

void Research::on(ResearchEvent& input) {
  if (state_ != ResearchState::asking && state_ != ResearchState::stopping) return;
  take(input.entry.cursor, input.entry.event);
}

void Research::take(stream::Cursor cursor, stream::Event& event) {
  if (auto* delta = std::get_if<stream::Delta>(&event)) {
    return show(cursor, reader_.text(delta->text));
  }
  if (const auto* call = std::get_if<stream::ToolCall>(&event)) {
    if (reader_.tool_call(*call)) return;
  }
  if (const auto* accepted = std::get_if<stream::Accepted>(&event)) {
    provider_ = accepted->provider;
    kept_ = accepted->kept;
  }
  if (const auto* notice = std::get_if<stream::Notice>(&event)) {
    if (!notice->provider.empty()) provider_ = notice->provider;
  }
  if (!stream::ends_answer(event)) return deliver(cursor, std::move(event));
  show(cursor, reader_.finish());
  if (std::holds_alternative<stream::Done>(event)) return turn_done({cursor, std::move(event)});
  step(ResearchMove::end);
  deliver(cursor, std::move(event));
}

void Research::show(stream::Cursor cursor, std::string text) {
  if (text.empty()) return;
  text_ += text;
  deliver(cursor, stream::Delta{std::move(text)});
}

void Research::deliver(stream::Cursor cursor, stream::Event event) {
  actions_.emplace_back(ResearchDeliver{{cursor, std::move(event)}});
}

void Research::on(ResearchStop&) {
  if (!step(ResearchMove::stop)) return;
  if (ended()) {
    deliver(0, stopped());
  } else {
    actions_.emplace_back(ResearchCancel{});
  }
}

// -- a turn is over

void Research::turn_done(stream::Entry entry) {
  const std::optional<ResearchTurn> next = next_turn();
  if (state_ == ResearchState::stopping && next) {
    step(ResearchMove::end);
    return deliver(0, stopped());
  }
  if (!next) {
    step(ResearchMove::end);
    return deliver(entry.cursor, std::move(entry.event));
  }
  step(ResearchMove::next);
  keep_finding();
  turn_ = *next;
  reader_ = ResearchReader(limits_);
  text_.clear();
  kept_.clear();
  search();
}

/// Nothing where the research is over.
std::optional<ResearchTurn> Research::next_turn() const {
  if (turn_.stage == ResearchStage::conclusion || provider_ == without_model) return std::nullopt;
  const std::optional<ResearchSignal> signal = reader_.signal();
  ResearchTurn next;
  next.number = turn_.number + 1;
  const bool enough = signal ? signal->done || signal->queries.empty() : is_blank(text_);
  next.stage =
      enough || next.number >= limits_.turns ? ResearchStage::conclusion : ResearchStage::update;
  if (signal) next.queries = signal->queries;
  return next;
}

void Research::keep_finding() {
  CitedText named = name_citations(text_, kept_);
  for (const std::size_t index : named.cited) {
    const PassageRef& wanted = kept_[index];
    for (const Passage& passage : given_) {
      if (cited_.size() >= limits_.cited || holds(cited_, wanted)) break;
      if (holds(std::vector{wanted}, ref(passage))) cited_.push_back(passage);
    }
  }
  if (is_blank(named.text)) return;
  findings_.push_back({turn_.queries, shortened(std::move(named.text), limits_.finding_bytes)});
}

}  // namespace weir::prompt
