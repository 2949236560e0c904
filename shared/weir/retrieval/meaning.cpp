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

Meaning::Meaning(std::span<const Pack* const> packs, const WordTable& table,
                 std::span<const TermScores> scores, std::span<const ChunkRange> files)
    : packs_(packs) {
  for (const ChunkRange& file : files) {
    if (!packs[file.pack]->has_vectors(table)) continue;
    for (std::uint32_t chunk = file.first; chunk < file.first + file.count; ++chunk) {
      const std::uint32_t score = scores[file.pack].chunks[chunk];
      if (score > 0) chunks_.push_back({file.pack, chunk, score});
    }
  }
  if (chunks_.size() > chunks_most) {
    std::nth_element(chunks_.begin(), chunks_.begin() + chunks_most, chunks_.end(),
                     [](const Chunk& a, const Chunk& b) {
                       if (a.value != b.value) return a.value > b.value;
                       return is_before(a.pack, a.chunk, b.pack, b.chunk);
                     });
    chunks_.resize(chunks_most);
  }
  std::sort(chunks_.begin(), chunks_.end(), [](const Chunk& a, const Chunk& b) {
    return is_before(a.pack, a.chunk, b.pack, b.chunk);
  });
}

bool Meaning::compare(const Vector& question) {
  bool whole = true;
  for (Chunk& at : chunks_) {
    const auto vector = packs_[at.pack]->vector(at.chunk);
    if (vector) at.value = nearness(question, vector->data());
    whole = whole && vector;
  }
  if (whole) standardise();
  return whole;
}

void Meaning::standardise() {
  // n times the mean, and n times the deviation: n^2 variance = n sum of squares - (sum)^2. A
  // product is under 2^16 and n at most 200: all fits in 64 bits.
  const auto count = static_cast<std::int64_t>(chunks_.size());
  std::int64_t sum = 0, squares = 0;
  for (const Chunk& at : chunks_) {
    sum += at.value;
    squares += at.value * at.value;
  }
  const auto spread = static_cast<std::int64_t>(
      integer_root(static_cast<std::uint64_t>(count * squares - sum * sum)));
  if (spread == 0) return chunks_.clear();
  for (Chunk& at : chunks_) {
    at.value = (count * at.value - sum) * deviation / spread;
    farthest_ = std::min(farthest_, at.value);
  }
}

std::int64_t Meaning::of(const ChunkRange& file) const {
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
