#include "weir/retrieval/search.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/retrieval/highlight.hpp"
#include "weir/text/globs.hpp"
#include "weir/text/html_page.hpp"

namespace weir::retrieval {
namespace {

/// The first so many passages of a file come before any file's next ones.
constexpr std::uint32_t passages_first = 3;

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
    const FileTable& files = packs_[file.pack]->files();
    const std::vector<std::uint32_t>& scores = scores_[file.pack].chunks;
    const std::uint32_t first = files.first_chunk[file.file];
    std::vector<ScoredChunk> own;
    for (std::uint32_t chunk = first; chunk < files.first_chunk[file.file + 1]; ++chunk) {
      if (scores[chunk] > 0) own.push_back({file.pack, chunk, 0, scores[chunk], file.near});
    }
    // The preferred file may have none of the terms: then it shows its beginning.
    if (own.empty()) own.push_back({file.pack, first, 0, 1, file.near});
    std::sort(own.begin(), own.end(), [](const ScoredChunk& a, const ScoredChunk& b) {
      return a.score != b.score ? a.score > b.score : a.chunk < b.chunk;
    });
    if (own.size() > limit_) own.resize(limit_);
    const std::int64_t best = own.front().score;
    const std::int64_t of_file = std::max<std::int64_t>(file.score, 0);
    for (std::uint32_t rank = 0; rank < own.size(); ++rank) {
      chosen_.push_back({own[rank].pack, own[rank].chunk, rank, of_file * own[rank].score / best,
                         own[rank].near});
    }
  }

  std::span<const Pack* const> packs_;
  std::span<const TermScores> scores_;
  std::size_t limit_;
  std::vector<ScoredChunk> chosen_;
};

/// A passage says by so many words why it was found.
constexpr std::size_t words_most = 8;

Hit make_hit(Passage passage, const ScoredChunk& scored, const QueryTerms& terms) {
  Hit hit;
  hit.passage = std::move(passage);
  const FileForm form = form_of(hit.passage.path);
  if (form == FileForm::html) hit.passage.text = text::to_be_read(hit.passage.text);
  const std::string_view text = hit.passage.text, path = hit.passage.path;
  hit.pack = scored.pack;
  hit.score = static_cast<std::uint32_t>(std::min<std::int64_t>(scored.score, UINT32_MAX));
  hit.matches = find_matches(text, terms);
  Symbol symbol = find_symbol(text, form, terms);
  hit.symbol = std::move(symbol.name);
  hit.found_by = {find_words(text, hit.matches, path, terms, words_most), symbol.asked_for,
                  scored.near};
  return hit;
}

/// Makes passages of chunks whose texts are here, those that follow each other in one.
class Reading {
 public:
  /// So many chunks are one passage at most.
  static constexpr std::uint32_t joined_most = 3;

  Reading(std::span<const Pack* const> packs, std::span<const ScoredChunk> chosen) : packs_(packs) {
    for (const ScoredChunk& at : chosen) left_.insert({at.pack, at.chunk});
  }

  /// False where blocks are wanted, all that are.
  Result<bool> bring() {
    bool whole = true;
    for (const auto& [pack, chunk] : left_) {
      const Key key{pack, packs_[pack]->files().block_of(chunk)};
      if (blocks_.find(key) != blocks_.end()) continue;
      auto block = packs_[pack]->block(key.second);
      if (!block) return block.error();
      whole = whole && *block;
      if (*block) blocks_.emplace(key, **std::move(block));
    }
    return whole;
  }

  /// Nothing where the chunk is part of an earlier passage.
  std::optional<Passage> take(const ScoredChunk& at) {
    if (left_.erase({at.pack, at.chunk}) == 0) return std::nullopt;
    std::uint32_t first = at.chunk, last = at.chunk;
    const FileTable& files = packs_[at.pack]->files();
    const auto joins = [&](std::uint32_t chunk) {
      return last - first + 1 < joined_most && chunk < files.chunk_count() &&
             files.file_of[chunk] == files.file_of[at.chunk] && left_.erase({at.pack, chunk}) > 0;
    };
    while (joins(last + 1)) ++last;
    while (first > 0 && joins(first - 1)) --first;
    return read(at.pack, first, last);
  }

 private:
  using Key = std::pair<std::uint32_t, std::size_t>;

  Passage read(std::uint32_t pack, std::uint32_t first, std::uint32_t last) const {
    const FileTable& files = packs_[pack]->files();
    Passage passage;
    for (std::size_t number = files.block_of(first); number <= files.block_of(last); ++number) {
      const TextBlock& block = blocks_.at({pack, number});
      const std::uint32_t begins = files.block_chunk[number];
      const bool is_first = begins <= first, is_last = last < files.block_chunk[number + 1];
      const TextBlock::Chunk& from = block.chunks[is_first ? first - begins : 0];
      const TextBlock::Chunk& to = is_last ? block.chunks[last - begins] : block.chunks.back();
      const std::size_t begin = is_first ? from.begin : 0;
      const std::size_t end = is_last ? to.end : block.text.size();
      passage.text += std::string_view(block.text).substr(begin, end - begin);
      passage.path = block.path;
      if (is_first) passage.start_line = from.start_line;
      passage.end_line = to.end_line;
    }
    return passage;
  }

  std::span<const Pack* const> packs_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> left_;  ///< chunks, by pack
  std::map<Key, TextBlock> blocks_;
};

/// Keeps what a step brought, if it brought all. Whether it did.
template <class T>
Result<bool> keep(Read<T> read, std::optional<T>& out) {
  if (!read) return read.error();
  out = *std::move(read);
  return out.has_value();
}

}  // namespace

std::string_view name(MeaningBy by) {
  switch (by) {
    case MeaningBy::provider:
      return "provider";
    case MeaningBy::built_in:
      return "built-in";
    case MeaningBy::none:
      break;
  }
  return "none";
}

Search::Search(std::vector<const Pack*> packs, const WordTable& words, Query query,
               const limits::Pack& limits)
    : packs_(std::move(packs)),
      words_(words),
      query_(std::move(query)),
      limit_(std::min(query_.limit, limits.hits)),
      limits_(limits),
      terms_(std::string_view(query_.text).substr(0, limits.query_bytes)) {}

Result<bool> Search::run() {
  if (query_.text.size() > limits_.query_bytes) {
    return Error{ErrorCode::invalid_request,
                 "The question is longer than " + std::to_string(limits_.query_bytes) + " bytes.",
                 "Shorten it."};
  }
  if (limit_ == 0) return true;
  for (const auto step : {&Search::look_up, &Search::score, &Search::rank, &Search::read_hits}) {
    const Result<bool> done = (this->*step)();
    if (!done || !*done) return done;
  }
  return true;
}

/// In dictionaries, in the table of words and, where files are chosen by name, in the paths.
Result<bool> Search::look_up() {
  bool whole = true;
  for (const Pack* const pack : packs_) {
    if (auto sound = pack->check_searched(); !sound) return sound.error();
  }
  if (!found_) {
    const auto done = keep(find_terms(packs_, terms_), found_);
    if (!done) return done;
    whole = whole && *done;
  }
  if (!direction_) {
    const auto done = keep(question_direction(terms_, words_), direction_);
    if (!done) return done;
    whole = whole && *done;
  }
  if (!filters_) {
    const auto done = filter();
    if (!done) return done;
    whole = whole && *done;
  }
  return whole;
}

Result<bool> Search::filter() {
  const text::Globs include(query_.include), exclude(query_.exclude);
  std::vector<FileFilter> filters(packs_.size());
  if (include.empty() && exclude.empty() && query_.prefer_path.empty()) {
    filters_ = std::move(filters);
    return true;
  }
  bool whole = true;
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    const auto paths = packs_[i]->paths();
    if (!paths) return paths.error();
    if (!*paths) {
      whole = false;
      continue;
    }
    for (const std::string& path : **paths) {
      if (path == query_.prefer_path)
        filters[i].preferred = static_cast<std::uint32_t>(filters[i].admitted.size());
      const bool admitted = (include.empty() || include.matches(path)) && !exclude.matches(path);
      filters[i].admitted.push_back(admitted ? 1 : 0);
    }
  }
  if (whole) filters_ = std::move(filters);
  return whole;
}

Result<bool> Search::score() {
  return scores_ ? Result<bool>(true) : keep(score_terms(packs_, terms_, *found_), scores_);
}

Result<bool> Search::rank() {
  if (chosen_) return true;
  const QuestionMeaning meaning = question();
  const AskedPhrases phrases(terms_, term_worths(packs_, terms_, *found_));
  const auto files = rank_files({packs_, *filters_, *scores_, meaning, phrases}, limit_);
  if (files) chosen_ = Passages(packs_, *scores_, limit_).choose(*files);
  return files.has_value();
}

MeaningBy Search::meaning() const {
  MeaningBy best = MeaningBy::none;
  if (!direction_) return best;
  for (const Pack* const pack : packs_) {
    const auto side = question().side_for(*pack);
    if (!side) continue;
    best = std::max(best, side->embedding ? MeaningBy::provider : MeaningBy::built_in);
  }
  return best;
}

Result<bool> Search::read_hits() {
  if (done_) return true;
  Reading reading(packs_, *chosen_);
  const Result<bool> brought = reading.bring();
  if (!brought || !*brought) return brought;
  for (const ScoredChunk& at : *chosen_) {
    if (auto passage = reading.take(at)) hits_.push_back(make_hit(*std::move(passage), at, terms_));
  }
  done_ = true;
  return true;
}

Result<std::vector<Hit>> search(std::span<const Pack* const> packs, const Query& query,
                                const limits::Pack& limits) {
  Search search({packs.begin(), packs.end()}, WordTable::built_in(), query, limits);
  const Result<bool> done = search.run();
  if (!done) return done.error();
  WEIR_ASSERT(*done);
  return std::move(search.hits());
}

Result<std::vector<Hit>> search(const Pack& pack, const Query& query, const limits::Pack& limits) {
  const Pack* const only = &pack;
  return search(std::span(&only, 1), query, limits);
}

}  // namespace weir::retrieval
