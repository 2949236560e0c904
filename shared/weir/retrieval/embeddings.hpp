#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"

/// Vectors that a provider's model makes of a pack's chunks and of questions (FORMAT.md, section
/// `embeddings`).
namespace weir::retrieval {

/// What vectors are of: those of one space can be compared with each other, and with no others.
struct EmbeddingSpace {
  std::string provider;  ///< as provider::Provider::name has it: "openai"
  std::string model;
  std::uint32_t dimensions = 0;
  bool shortened = false;  ///< these dimensions were asked for: a question asks for them, too

  friend bool operator==(const EmbeddingSpace&, const EmbeddingSpace&) = default;
};

/// Where a vector points to: its components over the largest of them, in units of 1/127.
using EmbeddingDirection = std::vector<std::int8_t>;

/// The same in every build. Nothing where a component is no finite number.
std::optional<EmbeddingDirection> direction_of(std::span<const float> vector);

/// A question in one of the spaces that packs have.
struct QuestionEmbedding {
  EmbeddingSpace space;
  EmbeddingDirection direction;

  /// Nothing where the vector is none of that space.
  static std::optional<QuestionEmbedding> of(const EmbeddingSpace& space,
                                             std::span<const float> vector);
};

/// The cosine of the angle between two directions of as many components, in units of 1/32768; 0
/// where one of them points nowhere.
std::int32_t cosine(const EmbeddingDirection& question, const std::uint8_t* direction);

/// What a model is given of a chunk: where it stands, and what it says.
std::string embedding_text(std::string_view path, std::string_view chunk);

/// The section before its directions.
std::vector<std::uint8_t> write_embeddings_head(const EmbeddingSpace& space);

struct EmbeddingsHead {
  EmbeddingSpace space;
  std::size_t bytes = 0;  ///< that it takes
};

/// Nothing where these are not the first bytes of such a section.
std::optional<EmbeddingsHead> read_embeddings_head(Bytes section);

}  // namespace weir::retrieval
