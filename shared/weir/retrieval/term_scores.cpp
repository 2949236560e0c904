#include "weir/retrieval/term_scores.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "weir/retrieval/bm25f.hpp"
#include "weir/retrieval/pack_error.hpp"
#include "weir/retrieval/postings.hpp"

namespace weir::retrieval {
namespace {

/// A compound that more files than this define tells little about where to look.
constexpr std::size_t definers_most = 5;

constexpr std::uint32_t whole_definition = 1'000'000;

/// What a term adds by standing there at all, however common it is and however seldom it stands
/// there: that many words of a question are there tells more than that one stands there often.
constexpr std::uint32_t presence = bm25f::full_summand * 3 / 8;

/// What it adds to a whole file besides, in hundredths of its summand at full strength: files are
/// long (BM25+; Lv and Zhai, "Lower-Bounding Term Frequency Normalization", 2011).
constexpr std::uint32_t presence_in_file = 20;

std::uint64_t chunks_of(std::span<const Pack* const> packs) {
  std::uint64_t chunks = 0;
  for (const Pack* const pack : packs) chunks += pack->chunk_count();
  return chunks;
}

std::uint64_t chunks_with(std::span<const FoundTerms> found, std::size_t term) {
  std::uint64_t chunks = 0;
  for (const FoundTerms& in_pack : found) chunks += in_pack[term].chunks;
  return chunks;
}

struct Definer {
  std::size_t pack;
  std::uint32_t file;
};

class Scorer {
 public:
  Scorer(std::span<const Pack* const> packs, const QueryTerms& terms,
         std::span<const FoundTerms> found)
      : packs_(packs),
        terms_(terms),
        found_(found),
        scores_(packs.size()),
        documents_(chunks_of(packs)) {
    for (std::size_t i = 0; i < packs.size(); ++i) {
      scores_[i].chunks.resize(packs[i]->chunk_count());
      scores_[i].files.resize(packs[i]->file_count());
      scores_[i].definitions.resize(packs[i]->file_count());
    }
  }

  bool add_term(std::size_t term) {
    const bm25f::Fixed idf = bm25f::idf(documents_, chunks_with(found_, term));
    const std::uint32_t weight = terms_[term].weight;
    const std::uint32_t full = bm25f::summand(idf, strength_most);
    for (std::uint32_t strength = 0; strength <= strength_most; ++strength) {
      const std::uint32_t summand = bm25f::summand(idf, strength) + presence;
      in_chunk_[strength] = summand * weight;
      in_file_[strength] = (summand + full * presence_in_file / 100) * weight;
    }
    definers_.clear();
    for (std::size_t i = 0; i < packs_.size(); ++i) {
      if (found_[i][term].chunks > 0 && !add_postings(i, found_[i][term])) return false;
    }
    if (terms_[term].kind == TermKind::whole) add_definitions();
    return true;
  }

  std::vector<TermScores> take() { return std::move(scores_); }

 private:
  bool add_postings(std::size_t pack, const TermEntry& entry) {
    TermScores& scores = scores_[pack];
    const auto bytes = packs_[pack]->postings(entry);
    if (!bytes || !read_postings(*bytes, entry.chunks, packs_[pack]->files().file_of, postings_))
      return false;
    for (std::size_t i = 0; i < postings_.chunks.size(); ++i)
      scores.chunks[postings_.chunks[i]] += in_chunk_[postings_.chunk_strengths[i]];
    for (std::size_t i = 0; i < postings_.files.size(); ++i)
      scores.files[postings_.files[i]] += in_file_[postings_.file_strengths[i]];
    for (std::size_t i = 0; i < postings_.defines.size(); ++i) {
      if (postings_.defines[i] != 0 && definers_.size() <= definers_most)
        definers_.push_back({pack, postings_.files[i]});
    }
    return true;
  }

  void add_definitions() {
    if (definers_.empty() || definers_.size() > definers_most) return;
    const auto share = whole_definition / static_cast<std::uint32_t>(definers_.size());
    for (const Definer& at : definers_) scores_[at.pack].definitions[at.file] += share;
  }

  std::span<const Pack* const> packs_;
  const QueryTerms& terms_;
  std::span<const FoundTerms> found_;
  std::vector<TermScores> scores_;
  std::uint64_t documents_;

  // Of the term at hand.
  std::array<std::uint32_t, strength_most + 1> in_chunk_{}, in_file_{};  ///< by strength
  Postings postings_;
  std::vector<Definer> definers_;
};

/// Whether all postings are here; all that are not are wanted then.
bool are_here(std::span<const Pack* const> packs, std::span<const FoundTerms> found) {
  bool whole = true;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    for (const TermEntry& entry : found[i]) {
      if (entry.chunks > 0 && !packs[i]->postings(entry)) whole = false;
    }
  }
  return whole;
}

}  // namespace

Read<std::vector<FoundTerms>> find_terms(std::span<const Pack* const> packs,
                                         const QueryTerms& terms) {
  std::vector<FoundTerms> found(packs.size());
  bool whole = true;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    for (std::size_t term = 0; term < terms.size(); ++term) {
      const auto entry = packs[i]->find_term(terms[term].kind, terms.text(term));
      if (!entry) return entry.error();
      if (!*entry) whole = false;
      found[i].push_back(entry->value_or(TermEntry{}));
    }
  }
  if (!whole) return std::optional<std::vector<FoundTerms>>();
  return std::optional(std::move(found));
}

std::vector<std::uint64_t> term_worths(std::span<const Pack* const> packs, const QueryTerms& terms,
                                       std::span<const FoundTerms> found) {
  const std::uint64_t documents = chunks_of(packs);
  std::vector<std::uint64_t> worths;
  for (std::size_t term = 0; term < terms.size(); ++term)
    worths.push_back(bm25f::idf(documents, chunks_with(found, term)) * terms[term].weight);
  return worths;
}

Read<std::vector<TermScores>> score_terms(std::span<const Pack* const> packs,
                                          const QueryTerms& terms,
                                          std::span<const FoundTerms> found) {
  if (!are_here(packs, found)) return std::optional<std::vector<TermScores>>();
  Scorer scorer(packs, terms, found);
  for (std::size_t term = 0; term < terms.size(); ++term) {
    if (!scorer.add_term(term)) return damaged("the postings of a term cannot be read");
  }
  return std::optional(scorer.take());
}

}  // namespace weir::retrieval
