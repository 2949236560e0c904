#include "weir/retrieval/meaning.hpp"

#include <algorithm>

#include "weir/retrieval/vector.hpp"
#include "weir/retrieval/word_table.hpp"

namespace weir::retrieval {
namespace {

bool is_before(std::uint32_t pack, std::uint32_t chunk, std::uint32_t other_pack,
               std::uint32_t other_chunk) {
  return pack != other_pack ? pack < other_pack : chunk < other_chunk;
}

}  // namespace

Read<Vector> question_direction(const QueryTerms& terms, const WordTable& table) {
  VectorSum sum;
  bool whole = true;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (terms[i].kind != TermKind::part) continue;
    const auto row = table.find(terms.text(i));
    if (!row) return row.error();
    if (!*row) {
      whole = false;
    } else if ((*row)->known()) {
      sum.add((*row)->vector.data(), (*row)->question_weight, terms[i].occurrences);
    }
  }
  if (!whole) return std::optional<Vector>();
  return std::optional(sum.direction());
}

std::optional<QuestionMeaning::Side> QuestionMeaning::side_for(const Pack& pack) const {
  for (const QuestionEmbedding& embedding : embeddings) {
    if (pack.embeddings() && *pack.embeddings() == embedding.space) return Side{&embedding};
  }
  const bool is_known =
      std::any_of(direction.begin(), direction.end(), [](std::int8_t c) { return c != 0; });
  return is_known && pack.has_vectors(words) ? std::optional(Side{}) : std::nullopt;
}

Meaning::Meaning(std::span<const Pack* const> packs, const QuestionMeaning& question,
                 std::span<const TermScores> scores, std::span<const ChunkRange> files)
    : packs_(packs), question_(question) {
  for (const Pack* const pack : packs) sides_.push_back(question.side_for(*pack));
  // Once twice as many are here as are wanted, the lesser half goes, and what is less than the rest
  // is not taken any more: a question may have words that stand in a million chunks.
  std::int64_t least = 1;
  for (const ChunkRange& file : files) {
    if (!sides_[file.pack]) continue;
    for (std::uint32_t chunk = file.first; chunk < file.first + file.count; ++chunk) {
      const std::int64_t score = scores[file.pack].chunks[chunk];
      if (score < least) continue;
      chunks_.push_back({file.pack, chunk, score});
      if (chunks_.size() == 2 * chunks_most) least = keep_best();
    }
  }
  keep_best();
  std::sort(chunks_.begin(), chunks_.end(), [](const Chunk& a, const Chunk& b) {
    return is_before(a.pack, a.chunk, b.pack, b.chunk);
  });
  for (const Pack* const pack : packs) has_chunk_.emplace_back(pack->file_count());
  for (const Chunk& at : chunks_)
    has_chunk_[at.pack][packs[at.pack]->files().file_of[at.chunk]] = true;
}

/// The least value of those that stay.
std::int64_t Meaning::keep_best() {
  if (chunks_.size() <= chunks_most) return 1;
  const auto last = chunks_.begin() + chunks_most - 1;
  std::nth_element(chunks_.begin(), last, chunks_.end(), [](const Chunk& a, const Chunk& b) {
    if (a.value != b.value) return a.value > b.value;
    return is_before(a.pack, a.chunk, b.pack, b.chunk);
  });
  chunks_.resize(chunks_most);
  return chunks_.back().value;
}

bool Meaning::compare() {
  bool whole = true;
  for (Chunk& at : chunks_) whole = measure(at) && whole;
  if (whole) standardise();
  return whole;
}

bool Meaning::measure(Chunk& chunk) const {
  const Pack& pack = *packs_[chunk.pack];
  if (const QuestionEmbedding* const embedding = embedding_of(chunk)) {
    const auto direction = pack.embedding(chunk.chunk);
    if (direction) chunk.value = cosine(embedding->direction, direction->data());
    return direction.has_value();
  }
  const auto vector = pack.vector(chunk.chunk);
  if (vector) chunk.value = nearness(question_.direction, vector->data());
  return vector.has_value();
}

void Meaning::standardise() {
  std::vector<const QuestionEmbedding*> equal;
  const auto standardise_side = [&](const QuestionEmbedding* side) {
    if (!standardise(side)) equal.push_back(side);
  };
  standardise_side(nullptr);
  for (const QuestionEmbedding& embedding : question_.embeddings) standardise_side(&embedding);
  // Where all are equally near, nothing is told.
  chunks_.erase(std::remove_if(chunks_.begin(), chunks_.end(),
                               [&](const Chunk& at) {
                                 return std::find(equal.begin(), equal.end(), embedding_of(at)) !=
                                        equal.end();
                               }),
                chunks_.end());
}

/// Those that were compared with this. False: they are all equally near.
bool Meaning::standardise(const QuestionEmbedding* side) {
  // n times the mean, and n times the deviation: n^2 variance = n sum of squares - (sum)^2. A
  // value is under 2^16 and n at most 200: all fits in 64 bits.
  std::int64_t count = 0, sum = 0, squares = 0;
  for (const Chunk& at : chunks_) {
    if (embedding_of(at) != side) continue;
    ++count;
    sum += at.value;
    squares += at.value * at.value;
  }
  const auto spread = static_cast<std::int64_t>(
      integer_root(static_cast<std::uint64_t>(count * squares - sum * sum)));
  if (spread == 0) return false;
  for (Chunk& at : chunks_) {
    if (embedding_of(at) != side) continue;
    at.value = (count * at.value - sum) * deviation / spread;
    farthest_ = std::min(farthest_, at.value);
  }
  return true;
}

std::int64_t Meaning::of(const ChunkRange& file) const {
  if (!has_chunk_[file.pack][packs_[file.pack]->files().file_of[file.first]]) return farthest_;
  auto at = std::lower_bound(chunks_.begin(), chunks_.end(), file,
                             [](const Chunk& chunk, const ChunkRange& wanted) {
                               return is_before(chunk.pack, chunk.chunk, wanted.pack, wanted.first);
                             });
  std::int64_t nearest = farthest_;
  for (; at != chunks_.end() && at->pack == file.pack && at->chunk < file.first + file.count; ++at)
    nearest = std::max(nearest, at->value);
  return nearest;
}

}  // namespace weir::retrieval
