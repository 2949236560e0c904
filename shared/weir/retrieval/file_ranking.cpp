#include "weir/retrieval/file_ranking.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "weir/retrieval/meaning.hpp"

namespace weir::retrieval {
namespace {

/// What the best chunk of a file counts in the file's score, and the two after it, in hundredths.
constexpr std::array<std::uint64_t, 3> chunk_shares = {100, 30, 9};

// Each in hundredths of score_unit. Measured: TRIED.md.
constexpr std::int64_t whole_file_share = 60;
constexpr std::int64_t definition_share = 50;
constexpr std::int64_t meaning_share = 13;
constexpr std::int64_t embedding_share = 20;  ///< in its place, by a provider's model: not measured
constexpr std::int64_t folder_share = 35;
constexpr std::int64_t name_share = 80;
constexpr std::int64_t neighbour_share = 30;

/// Of so many of the best files the phrases are looked at, in so many of their best chunks.
constexpr std::size_t phrase_files = 30;
constexpr std::size_t phrase_chunks = 2;

/// What the file that the asker is looking at gains.
constexpr std::int64_t preferred_gain = score_unit * 3 / 2;

/// How far a file moves towards its better sibling, in hundredths of the way.
constexpr std::int64_t sibling_pull = 20;

/// So many of the best files lend their score to their folders and siblings.
constexpr std::size_t best_files = 20;

/// Among so many of them siblings are looked for.
constexpr std::size_t sibling_files = 200;

/// A name that more files share (`index`, `mod`) makes no siblings.
constexpr std::size_t siblings_most = 6;

struct Candidate {
  RankedFile ranked;
  std::uint32_t folder = 0;
  std::uint32_t family = 0;
  std::uint64_t by_chunks = 0;  ///< 100 times the best chunk's score, and shares of the next two
  std::int64_t phrases = 0;     ///< what its phrases add to the score
};

class Ranking {
 public:
  explicit Ranking(const Evidence& evidence) : given_(evidence) {}

  /// Nothing: vectors and phrases are wanted.
  std::optional<std::vector<RankedFile>> rank(std::size_t limit) {
    for (std::uint32_t pack = 0; pack < given_.packs.size(); ++pack) gather(pack);
    score_words();
    if (!names_a_definition_) {
      bring_forward(best_files);
      add_folders();
      bring_forward(phrase_files);
      const bool phrases = read_phrases();
      if (!add_meaning() || !phrases) return std::nullopt;
    }
    bring_forward(sibling_files);
    pull_siblings();
    for (Candidate& candidate : found_) candidate.ranked.score += candidate.phrases;
    prefer();
    bring_forward(limit);
    found_.resize(std::min(found_.size(), limit));
    std::vector<RankedFile> ranked;
    for (const Candidate& candidate : found_) ranked.push_back(candidate.ranked);
    return ranked;
  }

 private:
  const FileTable& files(std::uint32_t pack) const { return given_.packs[pack]->files(); }

  void gather(std::uint32_t pack) {
    const TermScores& scores = given_.scores[pack];
    const FileFilter& filter = given_.filters[pack];
    const FileTable& table = files(pack);
    for (std::uint32_t file = 0; file < table.file_count(); ++file) {
      const bool preferred = filter.preferred == file;
      if (scores.files[file] == 0 && !preferred) continue;
      const std::uint64_t by_chunks = score_by_chunks(scores, table, file);
      if ((by_chunks == 0 && !preferred) || !filter.admits(file)) continue;
      found_.push_back({{pack, file, 0, false}, table.folder[file], table.family[file], by_chunks});
    }
  }

  static std::uint64_t score_by_chunks(const TermScores& scores, const FileTable& table,
                                       std::uint32_t file) {
    std::array<std::uint32_t, chunk_shares.size()> best{};
    for (std::uint32_t chunk = table.first_chunk[file]; chunk < table.first_chunk[file + 1];
         ++chunk) {
      std::uint32_t score = scores.chunks[chunk];
      if (score <= best.back()) continue;  // most chunks of most files
      for (std::uint32_t& kept : best) {
        if (score > kept) std::swap(score, kept);
      }
    }
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < best.size(); ++i) sum += chunk_shares[i] * best[i];
    return sum;
  }

  std::uint64_t as_whole(const Candidate& candidate) const {
    return given_.scores[candidate.ranked.pack].files[candidate.ranked.file];
  }

  void score_words() {
    std::uint64_t best_by_chunks = 1, best_as_whole = 1;
    for (const Candidate& candidate : found_) {
      best_by_chunks = std::max(best_by_chunks, candidate.by_chunks);
      best_as_whole = std::max(best_as_whole, as_whole(candidate));
    }
    for (Candidate& candidate : found_) {
      const std::uint64_t unit = score_unit;
      const auto by_chunks = static_cast<std::int64_t>(candidate.by_chunks * unit / best_by_chunks);
      const auto whole = static_cast<std::int64_t>(as_whole(candidate) * unit / best_as_whole);
      const std::int64_t definition =
          given_.scores[candidate.ranked.pack].definitions[candidate.ranked.file];
      const std::int64_t prior = files(candidate.ranked.pack).prior[candidate.ranked.file];
      candidate.ranked.score = (by_chunks + whole * whole_file_share / 100) * prior / 100 +
                               definition * definition_share / 100;
      if (definition > 0) names_a_definition_ = true;
    }
  }

  ChunkRange chunks_of(const Candidate& candidate) const {
    const FileTable& table = files(candidate.ranked.pack);
    return {candidate.ranked.pack, table.first_chunk[candidate.ranked.file],
            table.chunks_of(candidate.ranked.file)};
  }

  /// The chunks of a file with the best scores, best first.
  std::vector<std::uint32_t> best_chunks(const Candidate& candidate) const {
    const std::vector<std::uint32_t>& scores = given_.scores[candidate.ranked.pack].chunks;
    const ChunkRange range = chunks_of(candidate);
    std::vector<std::uint32_t> best;
    for (std::uint32_t chunk = range.first; chunk < range.first + range.count; ++chunk) {
      if (scores[chunk] == 0) continue;
      auto at = best.end();
      while (at != best.begin() && scores[chunk] > scores[*(at - 1)]) --at;
      best.insert(at, chunk);
      if (best.size() > phrase_chunks) best.pop_back();
    }
    return best;
  }

  /// False where phrases are wanted.
  bool read_phrases() {
    bool whole = true;
    for (Candidate& candidate : std::span(found_).first(std::min(found_.size(), phrase_files))) {
      const Pack& pack = *given_.packs[candidate.ranked.pack];
      if (!pack.has_phrases()) continue;
      PhraseFit best;
      for (const std::uint32_t chunk : best_chunks(candidate)) {
        const auto code = pack.phrases(chunk, 1);
        whole = whole && code;
        if (!code) continue;
        const PhraseFit fit = given_.phrases.fit(*code);
        best = {std::max(best.name, fit.name), std::max(best.neighbours, fit.neighbours)};
      }
      // Squared: of many neighbours some seem to stand anywhere.
      const std::int64_t neighbours = best.neighbours * best.neighbours / score_unit;
      const std::int64_t prior = files(candidate.ranked.pack).prior[candidate.ranked.file];
      candidate.phrases =
          (best.name * name_share + neighbours * neighbour_share) / 100 * prior / 100;
    }
    return whole;
  }

  /// False where vectors are wanted.
  bool add_meaning() {
    std::vector<ChunkRange> ranges;
    for (const Candidate& candidate : found_) ranges.push_back(chunks_of(candidate));
    Meaning meaning(given_.packs, given_.question, given_.scores, ranges);
    if (!meaning.compare()) return false;
    if (meaning.empty()) return true;
    std::int64_t best = 0;
    for (Candidate& candidate : found_) {
      const std::int64_t nearness = meaning.of(chunks_of(candidate));
      const std::int64_t share =
          meaning.is_by_embedding(candidate.ranked.pack) ? embedding_share : meaning_share;
      candidate.ranked.score += nearness * share * (score_unit / 100) / Meaning::deviation;
      candidate.ranked.near = nearness > Meaning::deviation;
      best = std::max(best, candidate.ranked.score);
    }
    // That many words match is better evidence than any nearness.
    found_.front().ranked.score = best + 1;
    return true;
  }

  void add_folders() {
    std::vector<std::vector<std::int64_t>> folders;  // by pack, by folder
    for (const Pack* const pack : given_.packs) folders.emplace_back(pack->file_count());
    std::int64_t all = 0;
    for (std::size_t i = 0; i < std::min(found_.size(), best_files); ++i) {
      const std::int64_t score = std::max<std::int64_t>(found_[i].ranked.score, 0);
      folders[found_[i].ranked.pack][found_[i].folder] += score;
      all += score;
    }
    if (all == 0) return;
    for (Candidate& candidate : found_) {
      const std::int64_t folder = folders[candidate.ranked.pack][candidate.folder];
      candidate.ranked.score += folder * folder_share * (score_unit / 100) / all;
    }
  }

  void pull_siblings() {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Candidate*>> families;
    for (Candidate& candidate : std::span(found_).first(std::min(found_.size(), sibling_files))) {
      families[{candidate.ranked.pack, candidate.family}].push_back(&candidate);
    }
    const Candidate* const behind_best = found_.data() + std::min(found_.size(), best_files);
    for (auto& [name, members] : families) {
      // Members stand in the order of their scores.
      if (members.size() > siblings_most || members.front() >= behind_best) continue;
      const std::int64_t best = members.front()->ranked.score;
      for (Candidate* const member : members) {
        member->ranked.score += (best - member->ranked.score) * sibling_pull / 100;
      }
    }
  }

  void prefer() {
    for (Candidate& candidate : found_) {
      if (given_.filters[candidate.ranked.pack].preferred == candidate.ranked.file)
        candidate.ranked.score += preferred_gain;
    }
  }

  /// Puts the best so many in their order before the others.
  void bring_forward(std::size_t count) {
    const auto end = found_.begin() + static_cast<std::ptrdiff_t>(std::min(found_.size(), count));
    std::partial_sort(found_.begin(), end, found_.end(),
                      [](const Candidate& a, const Candidate& b) {
                        if (a.ranked.score != b.ranked.score)
                          return a.ranked.score > b.ranked.score;
                        if (a.ranked.pack != b.ranked.pack) return a.ranked.pack < b.ranked.pack;
                        return a.ranked.file < b.ranked.file;
                      });
  }

  const Evidence& given_;
  std::vector<Candidate> found_;
  bool names_a_definition_ = false;
};

}  // namespace

std::optional<std::vector<RankedFile>> rank_files(const Evidence& evidence, std::size_t limit) {
  return Ranking(evidence).rank(limit);
}

}  // namespace weir::retrieval
