#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "weir/retrieval/string_table.hpp"
#include "weir/retrieval/vector.hpp"
#include "weir/retrieval/word_table.hpp"

namespace weir::retrieval {

/// A word table unpacked, for adding up many texts: of each word its vector times its weight in
/// texts.
class TextWords {
 public:
  using Row = std::array<std::int16_t, vector_dimensions>;
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// `table` must be whole.
  explicit TextWords(const WordTable& table);

  /// The row of a stemmed part; `none` where it weighs nothing.
  std::uint32_t find(std::string_view part) const;
  const Row& row(std::uint32_t number) const { return rows_[number]; }

  /// WordTable::checksum.
  std::uint32_t checksum() const { return checksum_; }

 private:
  StringTable words_;
  std::vector<Row> rows_;
  std::uint32_t checksum_;
};

/// Adds up the words of a text.
class TextSum {
 public:
  /// `times` is how often the word stands there.
  void add(const TextWords::Row& row, std::uint32_t times);
  VectorCode code();

 private:
  /// A component of a row is at most 3 * 1023: so many fit in 16 bits.
  static constexpr unsigned once_most = 10;

  void settle();

  std::array<std::int32_t, vector_dimensions> sum_{};
  /// Most words stand once: they are added up in short, and settled with the others now and then.
  TextWords::Row once_{};
  unsigned added_once_ = 0;
};

}  // namespace weir::retrieval
