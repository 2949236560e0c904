// Porter's stemmer (M. F. Porter, "An algorithm for suffix stripping", 1980;
// https://tartarus.org/martin/PorterStemmer/), with the two departures of the author's own program:
// `bli` -> `ble` in place of `abli` -> `able`, and the rule `logi` -> `log`.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "weir/retrieval/analyzer.hpp"

namespace weir::retrieval {
namespace {

bool is_vowel_letter(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

bool is_consonant(std::string_view word, std::size_t at) {
  if (is_vowel_letter(word[at])) return false;
  if (word[at] != 'y') return true;
  return at == 0 || !is_consonant(word, at - 1);
}

/// Porter's m: how many times a run of vowels is followed by a run of consonants.
int measure(std::string_view word) {
  int count = 0;
  bool vowel_before = false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool consonant = is_consonant(word, i);
    if (consonant && vowel_before) ++count;
    vowel_before = !consonant;
  }
  return count;
}

bool has_vowel(std::string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (!is_consonant(word, i)) return true;
  }
  return false;
}

bool ends_with_double_consonant(std::string_view word) {
  const std::size_t n = word.size();
  return n >= 2 && word[n - 1] == word[n - 2] && is_consonant(word, n - 1);
}

/// Consonant, vowel, consonant, the last not w, x or y: `hop`, which then takes an e back (`hope`).
bool ends_short(std::string_view word) {
  const std::size_t n = word.size();
  if (n < 3 || !is_consonant(word, n - 1) || is_consonant(word, n - 2) ||
      !is_consonant(word, n - 3)) {
    return false;
  }
  return word[n - 1] != 'w' && word[n - 1] != 'x' && word[n - 1] != 'y';
}

struct Rule {
  std::string_view suffix;
  std::string_view replacement;
};

/// Applies the first rule whose suffix the word has, if what stands before measures above `above`.
template <std::size_t size>
void replace_suffix(std::string& word, const Rule (&rules)[size], int above) {
  for (const Rule& rule : rules) {
    if (!word.ends_with(rule.suffix)) continue;
    const std::size_t rest = word.size() - rule.suffix.size();
    if (measure(std::string_view(word).substr(0, rest)) > above) {
      word.erase(rest);
      word.append(rule.replacement);
    }
    return;
  }
}

void plurals(std::string& word) {
  if (word.ends_with("sses") || word.ends_with("ies")) {
    word.erase(word.size() - 2);
  } else if (word.ends_with('s') && !word.ends_with("ss")) {
    word.pop_back();
  }
}

void past_and_progressive(std::string& word) {
  if (word.ends_with("eed")) {
    if (measure(std::string_view(word).substr(0, word.size() - 3)) > 0) word.pop_back();
    return;
  }
  const std::size_t suffix = word.ends_with("ed") ? 2 : word.ends_with("ing") ? 3 : 0;
  if (suffix == 0 || !has_vowel(std::string_view(word).substr(0, word.size() - suffix))) return;
  word.erase(word.size() - suffix);
  if (word.ends_with("at") || word.ends_with("bl") || word.ends_with("iz")) {
    word.push_back('e');
  } else if (ends_with_double_consonant(word)) {
    const char last = word.back();
    if (last != 'l' && last != 's' && last != 'z') word.pop_back();
  } else if (measure(word) == 1 && ends_short(word)) {
    word.push_back('e');
  }
}

void final_y(std::string& word) {
  if (word.ends_with('y') && has_vowel(std::string_view(word).substr(0, word.size() - 1))) {
    word.back() = 'i';
  }
}

constexpr Rule double_suffixes[] = {
    {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
    {"bli", "ble"},     {"alli", "al"},     {"entli", "ent"}, {"eli", "e"},     {"ousli", "ous"},
    {"ization", "ize"}, {"ation", "ate"},   {"ator", "ate"},  {"alism", "al"},  {"iveness", "ive"},
    {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},  {"iviti", "ive"}, {"biliti", "ble"},
    {"logi", "log"},
};

constexpr Rule single_suffixes[] = {
    {"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"},
    {"ical", "ic"},  {"ful", ""},   {"ness", ""},
};

constexpr Rule last_suffixes[] = {
    {"al", ""},   {"ance", ""},  {"ence", ""},  {"er", ""},    {"ic", ""},
    {"able", ""}, {"ible", ""},  {"ant", ""},   {"ement", ""}, {"ment", ""},
    {"ent", ""},  {"sion", "s"}, {"tion", "t"}, {"ou", ""},    {"ism", ""},
    {"ate", ""},  {"iti", ""},   {"ous", ""},   {"ive", ""},   {"ize", ""},
};

void last_suffix(std::string& word) {
  for (const Rule& rule : last_suffixes) {
    if (!word.ends_with(rule.suffix)) continue;
    // For `sion` and `tion` the s or t belongs to the stem that is measured.
    const std::size_t rest = word.size() - rule.suffix.size() + rule.replacement.size();
    if (measure(std::string_view(word).substr(0, rest)) > 1) word.erase(rest);
    return;
  }
}

void final_e_and_double_l(std::string& word) {
  if (word.ends_with('e')) {
    const auto rest = std::string_view(word).substr(0, word.size() - 1);
    const int m = measure(rest);
    if (m > 1 || (m == 1 && !ends_short(rest))) word.pop_back();
  }
  if (word.ends_with("ll") && measure(word) > 1) word.pop_back();
}

}  // namespace

void stem(std::string& word) {
  if (word.size() <= 2 || !std::all_of(word.begin(), word.end(), detail::is_lower)) return;
  plurals(word);
  past_and_progressive(word);
  final_y(word);
  replace_suffix(word, double_suffixes, 0);
  replace_suffix(word, single_suffixes, 0);
  last_suffix(word);
  final_e_and_double_l(word);
}

}  // namespace weir::retrieval
