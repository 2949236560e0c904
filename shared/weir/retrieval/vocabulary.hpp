#pragma once

#include <cstdint>
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

/// Numbers the terms of a repository. Each distinct word is stemmed once.
class Vocabulary {
 public:
  std::uint32_t number(const RawTerm& raw) {
    make_key(key_, raw.kind, raw.text);
    const std::uint32_t word = words_.intern(key_);
    if (word == term_of_word_.size()) term_of_word_.push_back(number_new(raw));
    return term_of_word_[word];
  }

  std::uint32_t size() const { return terms_.size(); }
  const std::vector<TermKind>& kinds() const { return kinds_; }

  /// The dictionary's key; valid until the next number().
  std::string_view key(std::uint32_t term) const { return terms_[term]; }

 private:
  std::uint32_t number_new(const RawTerm& raw) {
    normalise(raw, stem_);
    make_key(key_, raw.kind, stem_);
    const std::uint32_t term = terms_.intern(key_);
    if (term == kinds_.size()) kinds_.push_back(raw.kind);
    return term;
  }

  StringTable words_;
  std::vector<std::uint32_t> term_of_word_;
  StringTable terms_;
  std::vector<TermKind> kinds_;
  std::string key_, stem_;
};

}  // namespace weir::retrieval
