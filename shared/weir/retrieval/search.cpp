#include "weir/retrieval/search.hpp"

#include <algorithm>
#include <utility>

#include "weir/retrieval/file_ranking.hpp"
#include "weir/retrieval/highlight.hpp"
#include "weir/retrieval/query_terms.hpp"
#include "weir/retrieval/term_scores.hpp"

namespace weir::retrieval {
namespace {

/// The first so many passages of a file come before any file's next ones.
constexpr std::uint32_t passages_first = 3;

struct ScoredChunk {
  std::uint32_t pack = 0;
  std::uint32_t chunk = 0;
  std::uint32_t rank = 0;  ///< among the chunks of its file, from 0
  std::int64_t score = 0;
};

/// The chunks that stand for the best files. Each file brings at least one.
class Passages {
 public:
  Passages(std::span<const Pack* const> packs, std::span<const TermScores> scores,
           std::size_t limit)
      : packs_(packs), scores_(scores), limit_(limit) {}

  std::vector<ScoredChunk> choose(std::span<const RankedFile> files) {
    for (const RankedFile& file : files) add_chunks_of(file);
    std::sort(chosen_.begin(), chosen_.end(), [](const ScoredChunk& a, const ScoredChunk& b) {
      const bool a_later = a.rank >= passages_first, b_later = b.rank >= passages_first;
      if (a_later != b_later) return b_later;
      if (a.score != b.score) return a.score > b.score;
      return a.pack != b.pack ? a.pack < b.pack : a.chunk < b.chunk;
    });
    if (chosen_.size() > limit_) chosen_.resize(limit_);
    return std::move(chosen_);
  }

 private:
  /// A file's best chunk stands for the file, the others for their share of it.
  void add_chunks_of(const RankedFile& file) {
    const FileEntry entry = packs_[file.pack]->file(file.file);
    const std::vector<std::uint32_t>& scores = scores_[file.pack].chunks;
    std::vector<ScoredChunk> own;
    for (std::uint32_t i = 0; i < entry.chunk_count; ++i) {
      const std::uint32_t chunk = entry.first_chunk + i;
      if (scores[chunk] > 0) own.push_back({file.pack, chunk, 0, scores[chunk]});
    }
    // The preferred file may have none of the terms: then it shows its beginning.
    if (own.empty() && entry.chunk_count > 0) own.push_back({file.pack, entry.first_chunk, 0, 1});
    std::sort(own.begin(), own.end(), [](const ScoredChunk& a, const ScoredChunk& b) {
      return a.score != b.score ? a.score > b.score : a.chunk < b.chunk;
    });
    if (own.size() > limit_) own.resize(limit_);
    const std::int64_t best = own.empty() ? 1 : own.front().score;
    const std::int64_t of_file = std::max<std::int64_t>(file.score, 0);
    for (std::uint32_t rank = 0; rank < own.size(); ++rank) {
      chosen_.push_back({own[rank].pack, own[rank].chunk, rank, of_file * own[rank].score / best});
    }
  }

  std::span<const Pack* const> packs_;
  std::span<const TermScores> scores_;
  std::size_t limit_;
  std::vector<ScoredChunk> chosen_;
};

Hit make_hit(const Pack& pack, const ScoredChunk& scored, const QueryTerms& terms) {
  const ChunkEntry chunk = pack.chunk(scored.chunk);
  const std::string_view path = pack.file(chunk.file).path;
  Hit hit;
  hit.passage = {std::string(path), chunk.start_line, chunk.end_line, std::string(chunk.text)};
  hit.pack = scored.pack;
  hit.score = static_cast<std::uint32_t>(std::min<std::int64_t>(scored.score, UINT32_MAX));
  hit.matches = find_matches(chunk.text, terms);
  hit.symbol = find_symbol(chunk.text, form_of(path), terms);
  return hit;
}

}  // namespace

Result<std::vector<Hit>> search(std::span<const Pack* const> packs, const Query& query,
                                const limits::Pack& limits) {
  if (query.text.size() > limits.query_bytes) {
    return Error{ErrorCode::invalid_request,
                 "The question is longer than " + std::to_string(limits.query_bytes) + " bytes.",
                 "Shorten it."};
  }
  std::vector<Hit> hits;
  const std::size_t limit = std::min(query.limit, limits.hits);
  if (limit == 0) return hits;
  const QueryTerms terms(query.text);
  const auto scores = score_terms(packs, terms);
  if (!scores) return scores.error();
  const FileFilter filter{text::Globs(query.include), text::Globs(query.exclude),
                          query.prefer_path};
  const auto files = rank_files(packs, terms, *scores, filter, limit);
  for (const ScoredChunk& chunk : Passages(packs, *scores, limit).choose(files)) {
    hits.push_back(make_hit(*packs[chunk.pack], chunk, terms));
  }
  return hits;
}

Result<std::vector<Hit>> search(const Pack& pack, const Query& query, const limits::Pack& limits) {
  const Pack* const only = &pack;
  return search(std::span(&only, 1), query, limits);
}

}  // namespace weir::retrieval
