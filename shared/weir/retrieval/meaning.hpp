#pragma once

#include <cstdint>
#include <optional>
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

/// What is known of a question's meaning.
struct QuestionMeaning {
  const WordTable& words;
  const Vector& direction;  ///< of that table's; all zeros: it knows none of the words
  std::span<const QuestionEmbedding> embeddings;

  /// What a pack's chunks are compared with: the embedding of its space, or else the table's
  /// direction; nothing where it has vectors of neither.
  struct Side {
    const QuestionEmbedding* embedding = nullptr;  ///< null: the table's
  };
  std::optional<Side> side_for(const Pack& pack) const;
};

/// How near chunks are to the question in meaning: the product of their directions, standardised
/// over the chunks whose words match best, those that were compared in different spaces apart. Only
/// those have one, so that a pack which is read by ranges need not bring the vectors of all.
class Meaning {
 public:
  /// Of so many chunks, over all packs together.
  static constexpr std::size_t chunks_most = 200;

  /// What one standard deviation above the mean is, in the numbers of of().
  static constexpr std::int64_t deviation = 1000;

  /// Chooses among the chunks of these files, in packs with vectors that the question has a side
  /// for. It must outlive this.
  Meaning(std::span<const Pack* const> packs, const QuestionMeaning& question,
          std::span<const TermScores> scores, std::span<const ChunkRange> files);

  /// False where vectors are wanted: then all that are.
  bool compare();

  /// Where there is nothing to compare: no pack has vectors, or all chunks are equally near.
  bool empty() const { return chunks_.empty(); }

  /// The nearest of a file's chunks; a file without any among them counts like the farthest.
  std::int64_t of(const ChunkRange& file) const;

  /// Whether a pack was compared by what a provider's model made of it.
  bool is_by_embedding(std::uint32_t pack) const { return sides_[pack] && sides_[pack]->embedding; }

 private:
  struct Chunk {
    std::uint32_t pack;
    std::uint32_t chunk;
    std::int64_t value;  ///< first its words' score, then the product, then standardised
  };

  const QuestionEmbedding* embedding_of(const Chunk& chunk) const {
    return sides_[chunk.pack]->embedding;
  }
  std::int64_t keep_best();
  bool measure(Chunk& chunk) const;
  void standardise();
  bool standardise(const QuestionEmbedding* side);

  std::span<const Pack* const> packs_;
  const QuestionMeaning& question_;
  std::vector<std::optional<QuestionMeaning::Side>> sides_;  ///< by pack
  std::vector<Chunk> chunks_;                                ///< by pack and number
  std::vector<std::vector<bool>> has_chunk_;                 ///< among them, by pack and file
  std::int64_t farthest_ = 0;                                ///< at most 0
};

}  // namespace weir::retrieval
