#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/retrieval/byte_store.hpp"
#include "weir/retrieval/pack.hpp"
#include "weir/retrieval/query_terms.hpp"

namespace weir::retrieval {

/// Where a question's terms stand in one pack, in the order of the terms.
using FoundTerms = std::vector<TermEntry>;

/// One for each pack: a look at the dictionaries.
Read<std::vector<FoundTerms>> find_terms(std::span<const Pack* const> packs,
                                         const QueryTerms& terms);

/// What the terms of a question are worth to the chunks and files of one pack.
struct TermScores {
  std::vector<std::uint32_t> chunks;
  std::vector<std::uint32_t> files;
  /// For names that the question spells out and few files define: how much of a definition each
  /// file has, in millionths.
  std::vector<std::uint32_t> definitions;
};

/// What each term is worth: its idf over all packs together, times its weight.
std::vector<std::uint64_t> term_worths(std::span<const Pack* const> packs, const QueryTerms& terms,
                                       std::span<const FoundTerms> found);

/// One for each pack. Where several are asked, a term counts as rare as it is in all of them
/// together, so that their scores can be compared.
Read<std::vector<TermScores>> score_terms(std::span<const Pack* const> packs,
                                          const QueryTerms& terms,
                                          std::span<const FoundTerms> found);

}  // namespace weir::retrieval
