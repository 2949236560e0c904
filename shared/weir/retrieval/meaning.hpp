#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/retrieval/pack.hpp"
#include "weir/retrieval/term_scores.hpp"
#include "weir/retrieval/vector.hpp"

namespace weir::retrieval {

/// The chunks of one file.
struct ChunkRange {
  std::uint32_t pack = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// The direction of a question; all zeros where the table knows none of its words.
Read<Vector> question_direction(const QueryTerms& terms, const WordTable& table);

/// How near chunks are to the question in meaning: the product of their directions, standardised
/// over the chunks whose words match best. Only those have one, so that a pack which is read by
/// ranges need not bring the vectors of all.
class Meaning {
 public:
  /// Of so many chunks, over all packs together.
  static constexpr std::size_t chunks_most = 200;

  /// What one standard deviation above the mean is, in the numbers of of().
  static constexpr std::int64_t deviation = 1000;

  /// Chooses among the chunks of these files, in packs whose vectors are the table's.
  Meaning(std::span<const Pack* const> packs, const WordTable& table,
          std::span<const TermScores> scores, std::span<const ChunkRange> files);

  /// False where vectors are wanted: then all that are.
  bool compare(const Vector& question);

  /// Where there is nothing to compare: no pack has vectors, or all chunks are equally near.
  bool empty() const { return chunks_.empty(); }

  /// The nearest of a file's chunks; a file without any among them counts like the farthest.
  std::int64_t of(const ChunkRange& file) const;

 private:
  struct Chunk {
    std::uint32_t pack;
    std::uint32_t chunk;
    std::int64_t value;  ///< first its words' score, then the product, then standardised
  };

  void standardise();

  std::span<const Pack* const> packs_;
  std::vector<Chunk> chunks_;  ///< by pack and number
  std::int64_t farthest_ = 0;  ///< at most 0
};

}  // namespace weir::retrieval
