#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/id128.hpp"
#include "weir/base/siphash.hpp"
#include "weir/retrieval/embeddings.hpp"

/// Directions that were paid for, kept as they came (FORMAT.md, "The embeddings' records"): a file
/// beside the pack that is only ever added to.
namespace weir::retrieval {

class EmbeddingRecords {
 public:
  /// The beginning of a new file, whose texts are hashed with this key.
  static std::vector<std::uint8_t> head(const Id128& key);

  /// Reads what a file holds, which must outlive this, up to where it is damaged. Nothing where it
  /// has no sound beginning: all is to be written anew. Whether it is a file of this kind at all is
  /// told by is_one().
  static std::optional<EmbeddingRecords> read(Bytes file);

  /// False for what was made by something else, which is not to be written over. An empty one, and
  /// a beginning that was cut off, could have been one.
  static bool is_one(Bytes file);

  /// What one text is known by: two of different spaces are different texts. Of a space whose
  /// dimensions are the model's own, they are 0 here: they are not known beforehand.
  Hash128 hash_of(const EmbeddingSpace& space, std::string_view text) const;

  /// The direction of a text, where there is one.
  std::optional<Bytes> find(const Hash128& text) const;

  /// From here on it is damaged, or ends.
  std::size_t sound_bytes() const { return sound_bytes_; }
  std::size_t count() const { return records_.size(); }
  const Id128& key() const { return key_; }

  static void append(std::vector<std::uint8_t>& out, const Hash128& text, Bytes direction);

 private:
  struct HashOf {
    std::size_t operator()(const Hash128& hash) const { return static_cast<std::size_t>(hash.low); }
  };

  Id128 key_;
  std::size_t sound_bytes_ = 0;
  std::unordered_map<Hash128, Bytes, HashOf> records_;
};

}  // namespace weir::retrieval
