#include "weir/provider/question.hpp"

#include <algorithm>
#include <array>

#include "weir/retrieval/analyzer.hpp"

namespace weir::provider {
namespace {

using retrieval::Analyzer;
using retrieval::RawTerm;
using retrieval::TermKind;

/// Words of questions that say nothing of their subject.
constexpr std::array<std::string_view, 76> common_words = {
    "a",    "about", "all",   "an",     "and",     "any",    "are",   "as",      "at",    "be",
    "by",   "can",   "could", "do",     "does",    "done",   "each",  "explain", "find",  "for",
    "from", "get",   "give",  "happen", "happens", "has",    "have",  "how",     "i",     "if",
    "in",   "into",  "is",    "it",     "its",     "me",     "must",  "my",      "of",    "on",
    "one",  "or",    "our",   "out",    "over",    "please", "s",     "should",  "show",  "so",
    "than", "that",  "the",   "their",  "them",    "then",   "there", "these",   "they",  "this",
    "to",   "up",    "use",   "used",   "was",     "we",     "what",  "when",    "where", "which",
    "who",  "why",   "will",  "with",   "work",    "you"};

bool is_common(std::string_view word) {
  return std::find(common_words.begin(), common_words.end(), word) != common_words.end();
}

constexpr std::uint64_t heaviest = 16;

/// A question may be a whole pasted file: its first words decide.
constexpr std::size_t terms_most = 64;

}  // namespace

Question::Question(std::string_view text, const std::vector<Passage>& passages) {
  Analyzer analyzer;
  std::string term;
  analyzer.analyze(text, [&](const RawTerm& raw) {
    if (raw.kind == TermKind::part && is_common(raw.text)) return;
    retrieval::normalise(raw, term);
    add(term, raw.kind == TermKind::whole);
  });

  std::vector<std::uint64_t> holders(terms_.size());
  for (const Passage& passage : passages) {
    const std::vector<bool> held = held_by(passage.text);
    for (std::size_t i = 0; i < held.size(); ++i) holders[i] += held[i] ? 1u : 0u;
  }
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const std::uint64_t rarity = (passages.size() + 1) / (holders[i] + 1) + 1;
    terms_[i].weight *= std::min<std::uint64_t>(heaviest, 1 + 2 * rarity);
  }
}

void Question::add(std::string term, bool whole) {
  if (terms_.size() == terms_most) return;
  for (const Term& known : terms_) {
    if (known.text == term) return;
  }
  terms_.push_back({std::move(term), whole ? 2u : 1u});
}

std::vector<bool> Question::held_by(std::string_view text) const {
  std::vector<bool> held(terms_.size());
  Analyzer analyzer;
  std::string term;
  analyzer.analyze(text, [&](const RawTerm& raw) {
    retrieval::normalise(raw, term);
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      if (terms_[i].text == term) held[i] = true;
    }
  });
  return held;
}

std::uint64_t Question::score(std::string_view text) const {
  const std::vector<bool> held = held_by(text);
  std::uint64_t score = 0;
  for (std::size_t i = 0; i < held.size(); ++i) score += held[i] ? terms_[i].weight : 0;
  return score;
}

}  // namespace weir::provider
