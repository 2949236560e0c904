#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/retrieval/vocabulary.hpp"

namespace weir::retrieval {

/// Whether words with this stem say little: how, is, the, use.
bool stem_says_little(std::string_view stem);

/// The terms of a question, each once.
struct QueryTerm {
  TermKind kind = TermKind::part;
  std::uint32_t weight = 0;  ///< four for each occurrence, one where the word says little
  bool says_little = false;  ///< how, is, the, use: counts a quarter and is not highlighted
  std::uint32_t occurrences = 0;
};

class QueryTerms {
 public:
  explicit QueryTerms(std::string_view query);

  std::size_t size() const { return terms_.size(); }
  const QueryTerm& operator[](std::size_t i) const { return terms_[i]; }
  std::string_view text(std::size_t i) const {
    return keys_[static_cast<std::uint32_t>(i)].substr(1);
  }

  /// The question's term that this one is, or nullptr.
  const QueryTerm* find(const RawTerm& raw) const;

  /// The parts as they stand one behind the other, told by their places among the terms.
  std::span<const std::uint32_t> parts_in_order() const { return parts_in_order_; }

  /// Whether any word says something; else even those that say little are worth highlighting.
  bool says_something() const { return says_something_; }

 private:
  void note_beginning(std::string_view word, std::string_view term);

  StringTable keys_;
  std::vector<QueryTerm> terms_;
  std::vector<std::uint32_t> parts_in_order_;
  /// By how they begin (beginning_of): most words of a text are no term of a question.
  std::array<bool, 1024> begins_{};
  bool says_something_ = false;
};

}  // namespace weir::retrieval
