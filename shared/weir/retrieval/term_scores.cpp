#include "weir/retrieval/term_scores.hpp"

#include <algorithm>
#include <optional>

#include "weir/retrieval/bm25f.hpp"
#include "weir/retrieval/postings.hpp"

namespace weir::retrieval {
namespace {

/// A compound that more files than this define tells little about where to look.
constexpr std::size_t definers_most = 5;

constexpr std::uint32_t whole_definition = 1'000'000;

struct Definer {
  std::size_t pack;
  std::uint32_t file;
};

class Scorer {
 public:
  Scorer(std::span<const Pack* const> packs, const QueryTerms& terms)
      : packs_(packs), terms_(terms), scores_(packs.size()), postings_(packs.size()) {
    for (std::size_t i = 0; i < packs.size(); ++i) {
      scores_[i].chunks.resize(packs[i]->chunk_count());
      scores_[i].files.resize(packs[i]->file_count());
      scores_[i].definitions.resize(packs[i]->file_count());
    }
  }

  bool add_term(std::size_t term) {
    if (!find_postings(term)) return false;
    definers_.clear();
    for (std::size_t i = 0; i < packs_.size(); ++i) {
      if (postings_[i] && !add_postings(i, term)) return false;
    }
    if (terms_[term].kind == TermKind::whole) add_definitions();
    return true;
  }

  std::vector<TermScores> take() { return std::move(scores_); }

 private:
  bool find_postings(std::size_t term) {
    documents_ = with_term_ = 0;
    counts_.assign(packs_.size(), 0);
    for (std::size_t i = 0; i < packs_.size(); ++i) {
      postings_[i] = packs_[i]->postings(terms_[term].kind, terms_.text(term));
      if (postings_[i] && !PostingsReader(*postings_[i]).read_count(counts_[i])) return false;
      if (counts_[i] > packs_[i]->chunk_count()) return false;
      documents_ += packs_[i]->chunk_count();
      with_term_ += counts_[i];
    }
    return true;
  }

  /// An impact has its own pack's idf in it; this makes it that of all packs.
  bm25f::Fixed idf_ratio(std::size_t pack) const {
    if (packs_.size() == 1) return bm25f::one;
    const bm25f::Fixed own = bm25f::idf(packs_[pack]->chunk_count(), counts_[pack]);
    const bm25f::Fixed all = bm25f::idf(documents_, with_term_);
    return all * bm25f::one / std::max<bm25f::Fixed>(own, 1);
  }

  bool add_postings(std::size_t pack, std::size_t term) {
    const std::uint64_t weight = terms_[term].weight;
    const bm25f::Fixed ratio = idf_ratio(pack);
    const auto worth = [&](std::uint32_t impact) {
      const std::uint64_t scaled = impact * ratio / bm25f::one;
      return static_cast<std::uint32_t>(weight *
                                        std::min<std::uint64_t>(scaled, format::impact_most));
    };
    TermScores& scores = scores_[pack];
    PostingsReader reader(*postings_[pack]);
    const bool chunks = reader.read_chunks(scores.chunks.size(), [&](const Posting& posting) {
      scores.chunks[posting.document] += worth(posting.impact);
    });
    return chunks && reader.read_files(scores.files.size(), [&](const Posting& posting) {
      scores.files[posting.document] += worth(posting.impact);
      if (posting.defines && definers_.size() <= definers_most)
        definers_.push_back({pack, posting.document});
    });
  }

  void add_definitions() {
    if (definers_.empty() || definers_.size() > definers_most) return;
    const auto share = whole_definition / static_cast<std::uint32_t>(definers_.size());
    for (const Definer& at : definers_) scores_[at.pack].definitions[at.file] += share;
  }

  std::span<const Pack* const> packs_;
  const QueryTerms& terms_;
  std::vector<TermScores> scores_;

  // Of the term at hand.
  std::vector<std::optional<Bytes>> postings_;  ///< of each pack
  std::vector<std::uint32_t> counts_;           ///< of each pack's chunks
  std::uint64_t documents_ = 0, with_term_ = 0;
  std::vector<Definer> definers_;
};

}  // namespace

Result<std::vector<TermScores>> score_terms(std::span<const Pack* const> packs,
                                            const QueryTerms& terms) {
  Scorer scorer(packs, terms);
  for (std::size_t term = 0; term < terms.size(); ++term) {
    if (!scorer.add_term(term)) {
      return Error{ErrorCode::pack_damaged,
                   "The pack is damaged: the postings of a term cannot be read.",
                   "Fetch it again, or make it anew with `weir index`."};
    }
  }
  return scorer.take();
}

}  // namespace weir::retrieval
