#include "weir/retrieval/query_terms.hpp"

#include <algorithm>
#include <iterator>

namespace weir::retrieval {
namespace {

// English function words, and the verbs that stand in any question about code. Sorted.
constexpr std::string_view words_that_say_little[] = {
    "a",      "about",  "above", "add",   "after",   "again", "all",   "allow",   "also",
    "am",     "an",     "and",   "any",   "are",     "as",    "at",    "be",      "because",
    "been",   "before", "being", "below", "between", "both",  "but",   "by",      "can",
    "could",  "did",    "do",    "does",  "doing",   "don",   "down",  "during",  "each",
    "few",    "fix",    "for",   "from",  "further", "had",   "has",   "have",    "having",
    "he",     "her",    "here",  "his",   "how",     "i",     "if",    "in",      "into",
    "is",     "it",     "its",   "just",  "make",    "me",    "more",  "most",    "my",
    "no",     "nor",    "not",   "now",   "of",      "off",   "on",    "once",    "only",
    "or",     "other",  "our",   "out",   "over",    "own",   "s",     "same",    "she",
    "should", "so",     "some",  "such",  "t",       "than",  "that",  "the",     "their",
    "them",   "then",   "there", "these", "they",    "this",  "those", "through", "to",
    "too",    "under",  "until", "up",    "use",     "used",  "using", "very",    "was",
    "we",     "were",   "what",  "when",  "where",   "which", "while", "who",     "why",
    "will",   "with",   "would", "you",   "your"};

bool says_little(const RawTerm& raw) {
  return raw.kind == TermKind::part &&
         std::binary_search(std::begin(words_that_say_little), std::end(words_that_say_little),
                            raw.text);
}

/// The stems of the above, sorted.
std::vector<std::string> stems_that_say_little() {
  std::vector<std::string> stems(std::begin(words_that_say_little),
                                 std::end(words_that_say_little));
  for (std::string& word : stems) stem(word);
  std::sort(stems.begin(), stems.end());
  return stems;
}

}  // namespace

bool stem_says_little(std::string_view stem) {
  static const std::vector<std::string> stems = stems_that_say_little();
  return std::binary_search(stems.begin(), stems.end(), stem);
}

QueryTerms::QueryTerms(std::string_view query) {
  std::string term, key;
  Analyzer().analyze(query, [&](const RawTerm& raw) {
    normalise(raw, term);
    make_key(key, raw.kind, term);
    const std::uint32_t number = keys_.intern(key);
    begins_[static_cast<unsigned char>(raw.text.front())] = true;
    if (number == terms_.size()) terms_.push_back({raw.kind, 0, says_little(raw), 0});
    terms_[number].weight += says_little(raw) ? 1U : 4U;
    ++terms_[number].occurrences;
    if (raw.kind == TermKind::part) parts_in_order_.push_back(number);
    says_something_ = says_something_ || !says_little(raw);
  });
}

const QueryTerm* QueryTerms::find(const RawTerm& raw) const {
  if (!begins_[static_cast<unsigned char>(raw.text.front())]) return nullptr;
  std::string term, key;
  normalise(raw, term);
  make_key(key, raw.kind, term);
  const auto number = keys_.find(key);
  return number ? &terms_[*number] : nullptr;
}

}  // namespace weir::retrieval
