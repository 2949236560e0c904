#include "weir/retrieval/embeddings.hpp"

#include <algorithm>
#include <cmath>

#include "weir/base/limits.hpp"
#include "weir/retrieval/numbers.hpp"
#include "weir/retrieval/pack_format.hpp"
#include "weir/retrieval/vector.hpp"
#include "weir/text/utf8.hpp"

namespace weir::retrieval {
namespace {

constexpr double component_most = 127;

/// Chunks are shorter but for lines without an end; small models take some 2,000 tokens.
constexpr std::size_t text_bytes_most = 4000;

}  // namespace

/// Division and rounding as IEEE 754 has them, in one order: no build differs.
std::optional<EmbeddingDirection> direction_of(std::span<const float> vector) {
  double most = 0;
  for (const float component : vector) {
    if (!std::isfinite(component)) return std::nullopt;
    most = std::max(most, std::abs(static_cast<double>(component)));
  }
  EmbeddingDirection direction(vector.size());
  if (most == 0) return direction;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    const double units = static_cast<double>(vector[i]) * component_most / most;
    direction[i] =
        static_cast<std::int8_t>(units < 0 ? -std::floor(0.5 - units) : std::floor(units + 0.5));
  }
  return direction;
}

std::optional<QuestionEmbedding> QuestionEmbedding::of(const EmbeddingSpace& space,
                                                       std::span<const float> vector) {
  if (vector.empty() || vector.size() != space.dimensions) return std::nullopt;
  auto direction = direction_of(vector);
  if (!direction) return std::nullopt;
  return QuestionEmbedding{space, *std::move(direction)};
}

/// With 8,192 dimensions at most, a product is under 2^28 and a root under 2^22.
std::int32_t cosine(const EmbeddingDirection& question, const std::uint8_t* direction) {
  const auto* const other = reinterpret_cast<const std::int8_t*>(direction);
  const std::size_t size = question.size();
  // Each length times 2^8: a direction has some hundreds of units.
  const auto length = [&](const std::int8_t* vector) {
    return static_cast<std::int64_t>(
        integer_root(static_cast<std::uint64_t>(product(vector, vector, size)) << 16));
  };
  const std::int64_t lengths = length(question.data()) * length(other);
  if (lengths == 0) return 0;
  const std::int64_t both = product(question.data(), other, size);
  return static_cast<std::int32_t>(both * (std::int64_t{1} << (16 + 15)) / lengths);
}

std::string embedding_text(std::string_view path, std::string_view chunk) {
  std::string text;
  text.reserve(path.size() + 1 + chunk.size());
  text.append(path).append("\n").append(chunk);
  text.resize(text::utf8_floor(text, text_bytes_most));
  return text;
}

std::vector<std::uint8_t> write_embeddings_head(const EmbeddingSpace& space) {
  std::vector<std::uint8_t> names;
  for (const std::string* name : {&space.provider, &space.model}) {
    append_number(names, name->size());
    append_bytes(names, as_bytes(*name));
  }
  std::vector<std::uint8_t> head;
  store_little_endian(head, space.dimensions);
  store_little_endian(head, std::uint32_t{space.shortened});
  store_little_endian(head, static_cast<std::uint32_t>(names.size()));
  append_bytes(head, names);
  return head;
}

std::optional<EmbeddingsHead> read_embeddings_head(Bytes section) {
  const limits::Pack limits;
  if (section.size() < format::embeddings_head_bytes) return std::nullopt;
  EmbeddingsHead head;
  head.space.dimensions = load_little_endian<std::uint32_t>(&section[0]);
  const auto shortened = load_little_endian<std::uint32_t>(&section[4]);
  const auto names = load_little_endian<std::uint32_t>(&section[8]);
  if (head.space.dimensions == 0 || head.space.dimensions > limits.embedding_dimensions ||
      shortened > 1 || names > limits.embedding_names_bytes ||
      names > section.size() - format::embeddings_head_bytes) {
    return std::nullopt;
  }
  head.space.shortened = shortened == 1;
  head.bytes = format::embeddings_head_bytes + names;
  NumberReader reader(section.subspan(format::embeddings_head_bytes, names));
  for (std::string* name : {&head.space.provider, &head.space.model}) {
    *name = as_text(reader.take(reader.number()));
    if (name->empty() || !text::is_valid_utf8(*name)) return std::nullopt;
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return head;
}

}  // namespace weir::retrieval
