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

/// By the first two bytes, which stemming leaves alone, but that it may make an i of a y.
std::size_t beginning_of(std::string_view word) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(word[at]); };
  if (word.size() < 2) return byte(0);
  return (byte(0) + 32U * (word[1] == 'y' ? 'i' : byte(1))) % 1024;
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
    note_beginning(raw.text, term);
    if (number == terms_.size()) terms_.push_back({raw.kind, 0, says_little(raw), 0});
    terms_[number].weight += says_little(raw) ? 1U : 4U;
    ++terms_[number].occurrences;
    if (raw.kind == TermKind::part) parts_in_order_.push_back(number);
    says_something_ = says_something_ || !says_little(raw);
  });
}

void QueryTerms::note_beginning(std::string_view word, std::string_view term) {
  begins_[beginning_of(word)] = begins_[beginning_of(term)] = true;
  if (term.size() > 1) return;
  // Whose words may go on in any way.
  for (std::size_t next = 0; next < 256; ++next)
    begins_[beginning_of(std::string{term.front(), static_cast<char>(next)})] = true;
}

const QueryTerm* QueryTerms::find(const RawTerm& raw) const {
  if (!begins_[beginning_of(raw.text)]) return nullptr;
  std::string term, key;
  normalise(raw, term);
  make_key(key, raw.kind, term);
  const auto number = keys_.find(key);
  return number ? &terms_[*number] : nullptr;
}

}  // namespace weir::retrieval
