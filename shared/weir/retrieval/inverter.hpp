#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/retrieval/bm25f.hpp"

namespace weir::retrieval {

/// How often a term stands in a piece of text, and in the names defined there.
struct Occurrence {
  std::uint32_t term = 0;
  std::uint16_t body = 0;
  std::uint16_t names = 0;
};

/// How often a term stands in a path, and in its file's name alone.
struct PathOccurrence {
  std::uint32_t term = 0;
  std::uint16_t path = 0;
  std::uint16_t file_name = 0;
};

/// A chunk or a whole file. The same term may stand in it several times: counts add up.
struct Document {
  std::span<const Occurrence> text;
  std::span<const PathOccurrence> path;
};

/// One term in one document.
struct TermWeight {
  std::uint32_t document = 0;
  std::uint32_t tf : 31;  ///< bm25f::Fixed, cut off far above where it still matters
  std::uint32_t defines : 1;
};

/// From documents with their terms to terms with their documents, weighted as a level of BM25F
/// says.
class Inverter {
 public:
  /// `kinds` gives each term's kind; the documents must outlive the call.
  Inverter(std::span<const Document> documents, std::span<const TermKind> kinds,
           const bm25f::Level& level);

  /// The documents of a term, ascending.
  std::span<const TermWeight> of(std::uint32_t term) const;

 private:
  /// Terms counted in each field, parts and wholes apart: of one document, or of all.
  struct Lengths {
    std::array<std::uint64_t, bm25f::field_count> part{};
    std::array<std::uint64_t, bm25f::field_count> whole{};
  };

  struct Weights {
    std::array<bm25f::Fixed, bm25f::field_count> part{};
    std::array<bm25f::Fixed, bm25f::field_count> whole{};
  };

  Lengths lengths(const Document& document) const;
  Weights weights(const Document& document) const;
  void accumulate(const Document& document);
  void count_documents();
  void fill();

  std::span<const Document> documents_;
  std::span<const TermKind> kinds_;
  const bm25f::Level& level_;
  Lengths totals_;
  std::vector<std::size_t> starts_;  ///< of each term in weights_
  std::vector<TermWeight> weights_;

  // Of the document at hand.
  std::vector<std::uint64_t> tf_;  ///< by term; the lowest bit says that the term is defined there
  std::vector<std::uint32_t> touched_;
};

}  // namespace weir::retrieval
