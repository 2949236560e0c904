#include "weir/retrieval/search.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "weir/retrieval/highlight.hpp"
#include "weir/retrieval/postings.hpp"
#include "weir/retrieval/query_terms.hpp"
#include "weir/text/globs.hpp"

namespace weir::retrieval {
namespace {

/// Scores are fractions of the best one, in millionths.
constexpr std::uint64_t unit = 1'000'000;

/// The first so many passages of a file come before any file's next ones.
constexpr std::uint32_t passages_first = 3;

/// A compound that more files than this define tells little about where to look.
constexpr std::uint32_t definers_most = 5;

/// What the best chunk of a file counts in the file's score, and the two after it, in hundredths.
constexpr std::array<std::uint64_t, 3> chunk_shares = {100, 30, 9};

struct ScoredFile {
  std::uint32_t file = 0;
  std::uint64_t score = 0;  ///< in units
};

struct ScoredChunk {
  std::uint32_t chunk = 0;
  std::uint32_t rank = 0;   ///< among the chunks of its file, from 0
  std::uint64_t score = 0;  ///< in units
};

Error broken_postings() {
  return {ErrorCode::pack_damaged, "The pack is damaged: the postings of a term cannot be read.",
          "Fetch it again, or make it anew with `weir index`."};
}

/// One search: sums impacts over chunks and files, then ranks files, then their chunks.
class Search {
 public:
  Search(const Pack& pack, const Query& query)
      : pack_(pack),
        query_(query),
        terms_(query.text),
        include_(query.include),
        exclude_(query.exclude),
        chunk_scores_(pack.chunk_count()),
        file_scores_(pack.file_count()),
        bonuses_(pack.file_count()) {
    if (!query.prefer_path.empty()) preferred_ = pack.find_file(query.prefer_path);
  }

  Result<std::vector<Hit>> run() {
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      if (!add_term(i)) return broken_postings();
    }
    const std::vector<ScoredFile> files = score_files();
    std::vector<Hit> hits;
    for (const ScoredChunk& chunk : score_chunks(files)) hits.push_back(hit(chunk));
    return hits;
  }

 private:
  bool add_term(std::size_t i) {
    const auto postings = pack_.postings(terms_[i].kind, terms_.text(i));
    if (!postings) return true;
    const std::uint64_t weight = terms_[i].weight;
    PostingsReader reader(*postings);
    const bool chunks = reader.read_chunks(pack_.chunk_count(), [&](const Posting& posting) {
      chunk_scores_[posting.document] += static_cast<std::uint32_t>(weight * posting.impact);
    });
    definers_.clear();
    const bool files = chunks && reader.read_files(pack_.file_count(), [&](const Posting& posting) {
      file_scores_[posting.document] += static_cast<std::uint32_t>(weight * posting.impact);
      if (posting.defines && definers_.size() <= definers_most)
        definers_.push_back(posting.document);
    });
    if (terms_[i].kind == TermKind::whole && !definers_.empty() &&
        definers_.size() <= definers_most) {
      for (const std::uint32_t file : definers_) bonuses_[file] += unit * 3 / 10 / definers_.size();
    }
    return files;
  }

  bool is_admitted(const FileEntry& entry) const {
    if (!include_.empty() && !include_.matches(entry.path)) return false;
    return !exclude_.matches(entry.path);
  }

  /// 100 times the best chunk's score, and shares of the next two.
  std::uint64_t score_by_chunks(const FileEntry& entry) const {
    std::array<std::uint32_t, chunk_shares.size()> best{};
    for (std::uint32_t i = 0; i < entry.chunk_count; ++i) {
      std::uint32_t score = chunk_scores_[entry.first_chunk + i];
      for (std::uint32_t& kept : best) {
        if (score > kept) std::swap(score, kept);
      }
    }
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < best.size(); ++i) sum += chunk_shares[i] * best[i];
    return sum;
  }

  /// Files that have any of the terms, and the preferred one; best first.
  std::vector<ScoredFile> score_files() const {
    struct Parts {
      std::uint32_t file;
      std::uint64_t by_chunks;
    };
    std::vector<Parts> found;
    std::uint64_t best_by_chunks = 1, best_as_whole = 1;
    for (std::uint32_t file = 0; file < pack_.file_count(); ++file) {
      const bool preferred = preferred_ == file;
      if (file_scores_[file] == 0 && !preferred) continue;
      const FileEntry entry = pack_.file(file);
      const std::uint64_t by_chunks = score_by_chunks(entry);
      if ((by_chunks == 0 && !preferred) || !is_admitted(entry)) continue;
      found.push_back({file, by_chunks});
      best_by_chunks = std::max(best_by_chunks, by_chunks);
      best_as_whole = std::max<std::uint64_t>(best_as_whole, file_scores_[file]);
    }
    std::vector<ScoredFile> scored;
    for (const Parts& parts : found) {
      const std::uint64_t by_chunks = parts.by_chunks * unit / best_by_chunks;
      const std::uint64_t as_whole = file_scores_[parts.file] * unit / best_as_whole;
      std::uint64_t score = (by_chunks + as_whole * 3 / 10) * pack_.file(parts.file).prior / 100;
      score += bonuses_[parts.file];
      if (preferred_ == parts.file) score += unit;
      scored.push_back({parts.file, score});
    }
    std::sort(scored.begin(), scored.end(), [](const ScoredFile& a, const ScoredFile& b) {
      return a.score != b.score ? a.score > b.score : a.file < b.file;
    });
    // Each file brings at least one passage.
    if (scored.size() > query_.limit) scored.resize(query_.limit);
    return scored;
  }

  /// The best passages. A file's best chunk stands for the file, the others for their share of it.
  std::vector<ScoredChunk> score_chunks(const std::vector<ScoredFile>& files) const {
    std::vector<ScoredChunk> scored;
    for (const ScoredFile& file : files) add_chunks_of(file, scored);
    std::sort(scored.begin(), scored.end(), [](const ScoredChunk& a, const ScoredChunk& b) {
      const bool a_later = a.rank >= passages_first, b_later = b.rank >= passages_first;
      if (a_later != b_later) return b_later;
      return a.score != b.score ? a.score > b.score : a.chunk < b.chunk;
    });
    if (scored.size() > query_.limit) scored.resize(query_.limit);
    return scored;
  }

  void add_chunks_of(const ScoredFile& file, std::vector<ScoredChunk>& scored) const {
    const FileEntry entry = pack_.file(file.file);
    std::vector<ScoredChunk> own;
    for (std::uint32_t i = 0; i < entry.chunk_count; ++i) {
      const std::uint32_t chunk = entry.first_chunk + i;
      if (chunk_scores_[chunk] > 0) own.push_back({chunk, 0, chunk_scores_[chunk]});
    }
    // The preferred file may have none of the terms: then it shows its beginning.
    if (own.empty() && entry.chunk_count > 0) own.push_back({entry.first_chunk, 0, 1});
    std::sort(own.begin(), own.end(), [](const ScoredChunk& a, const ScoredChunk& b) {
      return a.score != b.score ? a.score > b.score : a.chunk < b.chunk;
    });
    if (own.size() > query_.limit) own.resize(query_.limit);
    const std::uint64_t best = own.empty() ? 1 : own.front().score;
    for (std::uint32_t rank = 0; rank < own.size(); ++rank) {
      scored.push_back({own[rank].chunk, rank, file.score * own[rank].score / best});
    }
  }

  Hit hit(const ScoredChunk& scored) const {
    const ChunkEntry chunk = pack_.chunk(scored.chunk);
    const std::string_view path = pack_.file(chunk.file).path;
    Hit hit;
    hit.passage = {std::string(path), chunk.start_line, chunk.end_line, std::string(chunk.text)};
    hit.score = static_cast<std::uint32_t>(std::min<std::uint64_t>(scored.score, UINT32_MAX));
    hit.matches = find_matches(chunk.text, terms_);
    hit.symbol = find_symbol(chunk.text, form_of(path), terms_);
    return hit;
  }

  const Pack& pack_;
  const Query& query_;
  QueryTerms terms_;
  text::Globs include_;
  text::Globs exclude_;
  std::optional<std::size_t> preferred_;
  std::vector<std::uint32_t> chunk_scores_;
  std::vector<std::uint32_t> file_scores_;
  std::vector<std::uint64_t> bonuses_;
  std::vector<std::uint32_t> definers_;
};

}  // namespace

Result<std::vector<Hit>> search(const Pack& pack, const Query& query, const limits::Pack& limits) {
  if (query.text.size() > limits.query_bytes) {
    return Error{ErrorCode::invalid_request,
                 "The question is longer than " + std::to_string(limits.query_bytes) + " bytes.",
                 "Shorten it."};
  }
  if (query.limit == 0) return std::vector<Hit>();
  if (query.limit <= limits.hits) return Search(pack, query).run();
  Query bounded = query;
  bounded.limit = limits.hits;
  return Search(pack, bounded).run();
}

}  // namespace weir::retrieval
