#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::prompt {

/// What a turn of research is for.
enum class ResearchStage : std::uint8_t {
  plan,        ///< the first: what is to be found out, and what is seen of it already
  update,      ///< what was asked for by the turn before
  conclusion,  ///< the last: the answer
};

/// Their names in requests and events.
constexpr std::array<std::pair<ResearchStage, std::string_view>, 3> research_stages = {{
    {ResearchStage::plan, "plan"},
    {ResearchStage::update, "update"},
    {ResearchStage::conclusion, "conclusion"},
}};

constexpr std::string_view name(ResearchStage stage) {
  for (const auto& [known, stage_name] : research_stages) {
    if (known == stage) return stage_name;
  }
  return "";
}

/// Which turn of a research a request is. The turns before it stand in its conversation.
struct ResearchTurn {
  ResearchStage stage = ResearchStage::plan;
  std::uint32_t number = 1;  ///< among the turns, from 1
  /// What the turn before asked to look up; empty: the question itself is looked up.
  std::vector<std::string> queries;

  friend bool operator==(const ResearchTurn&, const ResearchTurn&) = default;
};

}  // namespace weir::prompt
