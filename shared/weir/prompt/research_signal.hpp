#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/limits.hpp"
#include "weir/stream/event.hpp"

/// How a model says what is to come after its turn of research: by calling a tool where it can, and
/// otherwise by a line of its text.
namespace weir::prompt {

/// The tool, as providers are told of it; the schema is JSON Schema.
constexpr std::string_view research_tool = "research_next";
constexpr std::string_view research_tool_description =
    "Says how the research goes on after this turn. Called once, behind the turn's text.";
constexpr std::string_view research_tool_schema =
    R"({"type":"object","properties":{)"
    R"("done":{"type":"boolean","description":"True once the findings answer the question."},)"
    R"("queries":{"type":"array","items":{"type":"string"},)"
    R"("description":"What to search the repository for in the next turn, one subject each."}},)"
    R"("required":["done","queries"]})";

/// Begins the line that says the same, with the tool's arguments behind it:
///
///     @@research {"done":false,"queries":["connection pool","idle timeout"]}
constexpr std::string_view research_line = "@@research ";

struct ResearchSignal {
  bool done = false;                 ///< nothing is left to be found out
  std::vector<std::string> queries;  ///< one line each, within the limits

  friend bool operator==(const ResearchSignal&, const ResearchSignal&) = default;
};

/// Reads one turn as it streams: takes the signal out of it, in either form, and gives the rest.
class ResearchReader {
 public:
  explicit ResearchReader(const limits::Research& limits = {}) : limits_(limits) {}

  /// What can be shown now that `piece` of the text has come. A line that may still be a signal is
  /// held back until its end, or until it is longer than a signal may be.
  std::string text(std::string_view piece);
  /// The text is over: what was held back and is no signal.
  std::string finish();
  /// True where the call is the signal's, and not for others to see.
  bool tool_call(const stream::ToolCall& piece);

  /// Once the turn is over: what it said; nothing where it said nothing that can be understood. The
  /// tool's word counts more than a line's, and of several lines the last.
  std::optional<ResearchSignal> signal() const;

 private:
  void settle_line(std::string& shown);

  limits::Research limits_;
  std::string held_;          ///< of a line that may be a signal
  bool line_passes_ = false;  ///< the line that is being read is none
  std::optional<ResearchSignal> from_line_;
  std::optional<std::uint32_t> tool_index_;
  std::string arguments_;
};

}  // namespace weir::prompt
