#include "weir/prompt/research_signal.hpp"

#include <algorithm>
#include <utility>

#include "weir/json/json.hpp"
#include "weir/text/utf8.hpp"

namespace weir::prompt {
namespace {

constexpr std::size_t json_depth = 4;

bool begin_alike(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  return a.substr(0, size) == b.substr(0, size);
}

/// As one line, without blanks around it, and no longer than it may be.
std::string query_of(std::string_view text, std::size_t bytes_most) {
  std::string line;
  for (const char c : text.substr(0, text::utf8_floor(text, bytes_most))) {
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  const std::size_t first = line.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(' ') + 1 - first);
}

/// False where one is no string.
bool read_queries(const json::Value& list, const limits::Research& limits,
                  std::vector<std::string>& out) {
  if (!list.is_array()) return false;
  for (const json::Value& each : list) {
    if (!each.is_string()) return false;
    std::string query = query_of(each.get_ref<const std::string&>(), limits.query_bytes);
    const bool known = std::find(out.begin(), out.end(), query) != out.end();
    if (!query.empty() && !known && out.size() < limits.queries) out.push_back(std::move(query));
  }
  return true;
}

std::optional<ResearchSignal> parse_signal(std::string_view text, const limits::Research& limits) {
  const Result<json::Value> parsed = json::parse(text, json_depth);
  if (!parsed) return std::nullopt;
  const json::Value* done = json::find(*parsed, "done");
  const json::Value* queries = json::find(*parsed, "queries");
  if (!done && !queries) return std::nullopt;
  if (done && !done->is_boolean()) return std::nullopt;
  ResearchSignal signal;
  if (done) signal.done = done->get<bool>();
  if (queries && !read_queries(*queries, limits, signal.queries)) return std::nullopt;
  return signal;
}

}  // namespace

std::string ResearchReader::text(std::string_view piece) {
  std::string shown;
  while (!piece.empty()) {
    const std::size_t line_end = piece.find('\n');
    const bool whole = line_end != std::string_view::npos;
    const std::string_view part = piece.substr(0, whole ? line_end + 1 : piece.size());
    piece.remove_prefix(part.size());
    if (line_passes_) {
      shown += part;
    } else {
      held_ += part;
      if (!begin_alike(held_, research_line) || held_.size() > limits_.signal_bytes) {
        shown += std::exchange(held_, {});
        line_passes_ = true;
      }
    }
    if (!whole) continue;
    settle_line(shown);
    line_passes_ = false;
  }
  return shown;
}

std::string ResearchReader::finish() {
  std::string shown;
  settle_line(shown);
  return shown;
}

void ResearchReader::settle_line(std::string& shown) {
  const std::string line = std::exchange(held_, {});
  std::optional<ResearchSignal> signal;
  if (line.size() > research_line.size()) {
    signal = parse_signal(std::string_view(line).substr(research_line.size()), limits_);
  }
  if (signal) {
    from_line_ = std::move(signal);
  } else {
    shown += line;
  }
}

bool ResearchReader::tool_call(const stream::ToolCall& piece) {
  if (piece.name == research_tool && !tool_index_) tool_index_ = piece.index;
  if (tool_index_ != piece.index) return piece.name == research_tool;
  if (arguments_.size() <= limits_.signal_bytes) arguments_ += piece.arguments;
  return true;
}

std::optional<ResearchSignal> ResearchReader::signal() const {
  auto from_tool = parse_signal(arguments_, limits_);
  return from_tool ? std::move(from_tool) : from_line_;
}

}  // namespace weir::prompt
