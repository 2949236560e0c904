#include "weir/retrieval/highlight.hpp"

#include <algorithm>

#include "weir/retrieval/declarations.hpp"

namespace weir::retrieval {
namespace {

bool is_worth_showing(const QueryTerm* term, const QueryTerms& terms) {
  return term != nullptr && (!term->says_little || !terms.says_something());
}

}  // namespace

std::vector<Match> find_matches(std::string_view passage, const QueryTerms& terms) {
  std::vector<Match> matches;
  Analyzer().analyze(passage, [&](const RawTerm& raw) {
    if (!is_worth_showing(terms.find(raw), terms)) return;
    const Match match{static_cast<std::uint32_t>(raw.begin), static_cast<std::uint32_t>(raw.end)};
    // A whole comes after its parts, and bigrams of CJK overlap.
    while (!matches.empty() && matches.back().begin >= match.begin) matches.pop_back();
    if (!matches.empty() && matches.back().end >= match.begin) {
      matches.back().end = std::max(matches.back().end, match.end);
    } else {
      matches.push_back(match);
    }
  });
  return matches;
}

std::string find_symbol(std::string_view passage, FileForm form, const QueryTerms& terms) {
  const std::vector<std::string_view> names = defined_names(passage, form);
  std::string_view best;
  std::uint32_t best_weight = 0;
  Analyzer analyzer;
  for (const std::string_view name : names) {
    std::uint32_t weight = 0;
    analyzer.analyze(name, [&](const RawTerm& raw) {
      const QueryTerm* term = terms.find(raw);
      if (is_worth_showing(term, terms)) weight += raw.kind == TermKind::whole ? 4 : 1;
    });
    if (best.empty() || weight > best_weight) {
      best = name;
      best_weight = weight;
    }
  }
  return std::string(best);
}

}  // namespace weir::retrieval
