#include "weir/relay/tagged_research.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "weir/prompt/research.hpp"

namespace weir::relay {
namespace {

using prompt::ResearchStage;
using prompt::ResearchTurn;
using prompt::Role;

constexpr std::string_view tag = "[DEEP RESEARCH]";
constexpr std::string_view go_on = "continue the research";

// What the pages look for.
constexpr std::string_view plan_heading = "## Research Plan\n\n";
constexpr std::string_view update_heading = "## Research Update ";
constexpr std::string_view conclusion_heading = "## Final Conclusion\n\n";

// What the next turn looks for. The pages take a text with "Next Steps" in it for no conclusion.
constexpr std::string_view next_heading = "\n\n## Next Steps\n\n";
constexpr std::string_view next_item = "- ";
constexpr std::string_view next_is_conclusion = "Nothing more is to be looked up.\n";
constexpr std::string_view next_is_open = "The question is looked up once more.\n";

/// The text behind the tag, where there is one.
std::optional<std::string_view> tagged(std::string_view text) {
  const std::size_t at = text.find(tag);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + tag.size());
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

bool goes_on(std::string_view text) {
  if (text.size() < go_on.size()) return false;
  for (std::size_t i = 0; i < go_on.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != go_on[i]) return false;
  }
  return true;
}

/// Where the question stands that is researched; the last message where none is found before it.
std::size_t question_at(const std::vector<prompt::Message>& messages) {
  for (std::size_t i = messages.size(); i-- > 0;) {
    const auto text = tagged(messages[i].content);
    if (messages[i].role == Role::user && text && !goes_on(*text)) return i;
  }
  return messages.size() - 1;
}

/// What a turn's text says at its end of the next one.
ResearchTurn turn_after(std::string_view text, std::uint32_t number) {
  const limits::Research limits;
  ResearchTurn turn{ResearchStage::update, number, {}};
  const std::size_t at = text.rfind(next_heading);
  std::string_view rest = at == std::string_view::npos ? std::string_view() : text.substr(at);
  rest.remove_prefix(std::min(next_heading.size(), rest.size()));
  if (rest.find(next_is_conclusion) != std::string_view::npos) {
    turn.stage = ResearchStage::conclusion;
  }
  while (!rest.empty() && turn.queries.size() < limits.queries) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::string_view query = line.substr(std::min(next_item.size(), line.size()));
    if (!line.starts_with(next_item) || query.empty() || query.size() > limits.query_bytes)
      continue;
    turn.queries.emplace_back(query);
  }
  if (number >= limits.turns) turn.stage = ResearchStage::conclusion;
  return turn;
}

std::string next_steps(const std::optional<prompt::ResearchSignal>& signal) {
  std::string out(next_heading);
  if (!signal) return out.append(next_is_open);
  for (const std::string& query : signal->queries) {
    out.append(next_item).append(query).append("\n");
  }
  if (signal->done || signal->queries.empty()) out += next_is_conclusion;
  return out;
}

}  // namespace

std::optional<TaggedResearch> TaggedResearch::read(prompt::ChatRequest& request) {
  std::vector<prompt::Message>& messages = request.messages;
  if (!tagged(messages.back().content)) return std::nullopt;
  const std::size_t at = question_at(messages);
  ResearchTurn turn;
  std::vector<prompt::Finding> findings;
  for (std::size_t i = at + 1; i < messages.size(); ++i) {
    if (messages[i].role != Role::assistant) continue;
    ResearchTurn next = turn_after(messages[i].content, turn.number + 1);
    findings.push_back({std::move(turn.queries), std::move(messages[i].content)});
    turn = std::move(next);
  }
  messages.resize(at + 1);
  for (prompt::Message& message : messages) {
    if (const auto text = tagged(message.content)) message.content = std::string(*text);
  }
  prompt::add_findings(messages, findings);
  request.research = turn;
  return TaggedResearch(std::move(turn));
}

bool TaggedResearch::concludes() const {
  return turn_.stage == ResearchStage::conclusion || !has_model_;
}

std::string TaggedResearch::text(std::string_view piece) {
  return with_heading(reader_.text(piece));
}

std::string TaggedResearch::with_heading(std::string text) {
  if (text.empty() || std::exchange(has_heading_, true)) return text;
  if (concludes()) return std::string(conclusion_heading) + text;
  if (turn_.stage == ResearchStage::plan) return std::string(plan_heading) + text;
  return std::string(update_heading) + std::to_string(turn_.number) + "\n\n" + text;
}

void TaggedResearch::take(const stream::Event& event) {
  if (const auto* accepted = std::get_if<stream::Accepted>(&event)) {
    has_model_ = accepted->provider != prompt::without_model;
  } else if (const auto* call = std::get_if<stream::ToolCall>(&event)) {
    reader_.tool_call(*call);
  }
}

std::string TaggedResearch::finish() {
  std::string out = with_heading(reader_.finish());
  if (!concludes()) out += with_heading(next_steps(reader_.signal()));
  return out;
}

std::string TaggedResearch::fail() {
  std::string out = with_heading(reader_.finish());
  if (has_heading_) out += "\n\n";
  if (!has_heading_ || !concludes()) out += conclusion_heading;
  has_heading_ = true;
  return out;
}

}  // namespace weir::relay
