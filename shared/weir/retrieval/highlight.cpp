#include "weir/retrieval/highlight.hpp"

#include <algorithm>
#include <utility>

#include "weir/retrieval/declarations.hpp"
#include "weir/text/ascii.hpp"

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

Symbol find_symbol(std::string_view passage, FileForm form, const QueryTerms& terms) {
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
  return {std::string(best), best_weight > 0};
}

std::vector<std::string> find_words(std::string_view passage, const std::vector<Match>& matches,
                                    std::string_view path, const QueryTerms& terms,
                                    std::size_t most) {
  std::vector<std::string> words;
  const auto add = [&](std::string_view word) {
    std::string lowered = text::to_lower(word);
    const bool known = std::find(words.begin(), words.end(), lowered) != words.end();
    if (!known && words.size() < most) words.push_back(std::move(lowered));
  };
  for (const Match& match : matches) add(passage.substr(match.begin, match.end - match.begin));
  for (const Match& match : find_matches(path, terms))
    add(path.substr(match.begin, match.end - match.begin));
  return words;
}

}  // namespace weir::retrieval
