#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/string_table.hpp"
#include "weir/retrieval/vector.hpp"

namespace weir::retrieval {

/// What each of some thousand words means, as learned from comments and the code below them
/// (training/README.md): a vector for each part that texts about code use, and how much it weighs
/// in a question and in a text.
///
/// The table's bytes, integers little-endian: "WEIRWORD"; number of words and dimensions, 32 bits
/// each; the length of each word, 8 bits; the words; each word's weight in questions, then each
/// word's weight in texts, 16 bits, signed; each word's vector, 2 bits a component, the lowest of a
/// byte first, standing for -3, -1, 1 and 3.
class WordTable {
 public:
  /// The table that this build has within it.
  static const WordTable& built_in();

  /// Copies what it keeps. Fails with internal on bytes that are no table.
  static Result<WordTable> read(Bytes bytes);

  /// The row of a stemmed part.
  std::optional<std::uint32_t> find(std::string_view part) const { return words_.find(part); }

  std::uint32_t size() const { return words_.size(); }
  std::int32_t question_weight(std::uint32_t row) const { return question_weights_[row]; }
  std::int32_t text_weight(std::uint32_t row) const { return text_weights_[row]; }
  const std::int8_t* vector(std::uint32_t row) const { return &vectors_[row * vector_dimensions]; }

  /// Vectors of different tables have nothing to do with each other: packs say which made theirs.
  std::uint32_t checksum() const { return checksum_; }

 private:
  StringTable words_;
  std::vector<std::int16_t> question_weights_, text_weights_;
  std::vector<std::int8_t> vectors_;
  std::uint32_t checksum_ = 0;
};

/// Adds up the words of a text or a question.
class VectorSum {
 public:
  /// `times` is how often the word stands there, `weight` what the table says it weighs.
  void add(const std::int8_t* vector, std::int32_t weight, std::uint32_t times);

  Vector direction() const { return direction_of(sum_); }

 private:
  std::array<std::int32_t, vector_dimensions> sum_{};
};

}  // namespace weir::retrieval
