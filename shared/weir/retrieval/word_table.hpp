#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/byte_store.hpp"
#include "weir/retrieval/vector.hpp"

namespace weir::retrieval {

/// What one word means, and how much it weighs in a question and in a text. A word that the table
/// lacks weighs nothing.
struct WordRow {
  std::int32_t question_weight = 0;
  std::int32_t text_weight = 0;
  std::array<std::int8_t, vector_dimensions> vector{};

  bool known() const { return question_weight != 0 || text_weight != 0; }
};

/// What each of some thousand words means, as learned from comments and the code below them
/// (training/README.md): a vector for each part that texts about code use, and its weights. A
/// question needs a few rows of it, which can be read by ranges.
///
/// The table's bytes, integers little-endian, 32 bits each unless said: "WEIRWORD"; version, 2; the
/// CRC-32 of all that follows it; the number of words; dimensions; the length of the index, which
/// follows. Words ascend by their bytes and stand in blocks of 32. The index has for each block the
/// length of its first word (8 bits), the word, and the block's length (16 bits); then come the
/// blocks. A block has for each word its length (8 bits), the word, its weight in questions and in
/// texts (16 bits each, signed), and its vector: 2 bits a component, the lowest of a byte first,
/// standing for -3, -1, 1 and 3.
class WordTable {
 public:
  static constexpr std::uint32_t version = 2;
  static constexpr std::size_t words_in_block = 32;
  static constexpr std::size_t header_bytes = 28;

  /// The table that native programs have within them.
  static const WordTable& built_in();

  /// A table whose bytes may not be there yet: reads header and index. Fails with internal on bytes
  /// that are no table. The store must outlive it.
  static Read<WordTable> open(const ByteStore& store);

  /// The row of a stemmed part.
  Read<WordRow> find(std::string_view part) const;

  /// Hands out all words, in their order. The table must be whole.
  void each(const std::function<void(std::string_view word, const WordRow& row)>& visit) const;

  std::uint32_t size() const { return size_; }

  /// Vectors of different tables have nothing to do with each other: packs say which made theirs.
  std::uint32_t checksum() const { return checksum_; }

 private:
  struct Block {
    std::string first;
    ByteRange range;
  };

  const ByteStore* store_ = nullptr;
  std::uint32_t checksum_ = 0;
  std::uint32_t size_ = 0;
  std::vector<Block> blocks_;
};

/// 1 plus the logarithm of how often a word stands in a text, in sixteenths: what it counts there.
std::int32_t word_frequency(std::uint32_t times);

/// Adds up the words of a question.
class VectorSum {
 public:
  /// `times` is how often the word stands there, `weight` what the table says it weighs.
  void add(const std::int8_t* vector, std::int32_t weight, std::uint32_t times);

  Vector direction() const { return direction_of(sum_); }

 private:
  std::array<std::int32_t, vector_dimensions> sum_{};
};

}  // namespace weir::retrieval
