#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/retrieval/analyzer.hpp"
#include "weir/retrieval/string_table.hpp"

namespace weir::retrieval {

/// A term as the pack's dictionary holds it: the byte of its kind, then its text.
inline void make_key(std::string& key, TermKind kind, std::string_view text) {
  key.assign(1, static_cast<char>(kind));
  key.append(text);
}
inline TermKind kind_of(std::string_view key) {
  return static_cast<TermKind>(key.front());
}

/// Numbers the terms of texts in the order of their coming. What a word's terms are is worked out
/// when it comes first: most words of a repository come often.
class Vocabulary {
 public:
  /// The terms of a word, in the order of the walk. `hash` must be fnv1a(word). Valid until the
  /// next call.
  std::span<const std::uint32_t> terms_of(std::string_view word, std::uint64_t hash) {
    if (words_.size() >= words_most) forget_words();
    const List& list = lists_[number_word(word, hash)];
    return std::span(terms_of_words_).subspan(list.begin, list.count);
  }

  std::uint32_t number(const RawTerm& raw) {
    normalise(raw, stem_);
    make_key(key_, raw.kind, stem_);
    return terms_.intern(key_);
  }

  /// The dictionary's keys, by number.
  const StringList& keys() const { return terms_.strings(); }
  std::uint32_t size() const { return terms_.size(); }

 private:
  /// Beyond so many it begins afresh: a bound on memory that ordinary repositories do not reach.
  static constexpr std::uint32_t words_most = 1 << 19;

  struct List {
    std::uint32_t begin = 0;
    std::uint32_t count = 0;
  };

  std::uint32_t number_word(std::string_view word, std::uint64_t hash) {
    const std::uint32_t id = words_.intern(word, hash);
    if (id == lists_.size()) add(word, id);
    return id;
  }

  void add(std::string_view word, std::uint32_t id) {
    lists_.emplace_back();
    std::vector<std::uint32_t> terms;
    analyzer_.analyze(word, [&](const RawTerm& raw) {
      if (raw.kind == TermKind::whole || raw.text == word) {
        terms.push_back(number(raw));
      } else {
        // A part is a word of its own, and its only term; that is stemmed once, too.
        const List part = lists_[number_word(raw.text, fnv1a(raw.text))];
        terms.push_back(terms_of_words_[part.begin]);
      }
    });
    lists_[id] = {static_cast<std::uint32_t>(terms_of_words_.size()),
                  static_cast<std::uint32_t>(terms.size())};
    terms_of_words_.insert(terms_of_words_.end(), terms.begin(), terms.end());
  }

  void forget_words() {
    words_.clear();
    lists_.clear();
    terms_of_words_.clear();
  }

  StringTable words_;
  std::vector<List> lists_;  ///< by word
  std::vector<std::uint32_t> terms_of_words_;
  StringTable terms_;
  Analyzer analyzer_;
  std::string key_, stem_;
};

}  // namespace weir::retrieval
