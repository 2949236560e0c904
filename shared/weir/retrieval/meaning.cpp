#include "weir/retrieval/meaning.hpp"

#include <algorithm>

#include "weir/retrieval/vector.hpp"
#include "weir/retrieval/word_table.hpp"

namespace weir::retrieval {
namespace {

/// All zeros where the table has none of the question's words.
Vector direction_of(const QueryTerms& terms, const WordTable& table) {
  VectorSum sum;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (terms[i].kind != TermKind::part) continue;
    const auto row = table.find(terms.text(i));
    if (row) sum.add(table.vector(*row), table.question_weight(*row), terms[i].occurrences);
  }
  return sum.direction();
}

bool is_before(std::uint32_t pack, std::uint32_t chunk, std::uint32_t other_pack,
               std::uint32_t other_chunk) {
  return pack != other_pack ? pack < other_pack : chunk < other_chunk;
}

}  // namespace

Meaning::Meaning(std::span<const Pack* const> packs, const QueryTerms& terms,
                 std::span<const TermScores> scores, std::span<const ChunkRange> files) {
  const Vector question = direction_of(terms, WordTable::built_in());
  if (std::all_of(question.begin(), question.end(), [](std::int8_t c) { return c == 0; })) return;
  choose(packs, scores, files);
  compare(packs, question);
  standardise();
}

void Meaning::choose(std::span<const Pack* const> packs, std::span<const TermScores> scores,
                     std::span<const ChunkRange> files) {
  for (const ChunkRange& file : files) {
    if (packs[file.pack]->vectors(WordTable::built_in()).empty()) continue;
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

void Meaning::compare(std::span<const Pack* const> packs, const Vector& question) {
  for (Chunk& at : chunks_) {
    const auto vectors = packs[at.pack]->vectors(WordTable::built_in());
    at.value = cosine(question.data(), &vectors[at.chunk * vector_dimensions]);
  }
}

void Meaning::standardise() {
  // n times the mean, and n times the deviation: n^2 variance = n sum of squares - (sum)^2. A
  // cosine is under 2^21 and n at most 200: all fits in 64 bits.
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
