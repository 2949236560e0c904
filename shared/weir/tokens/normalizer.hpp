#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/text/utf8.hpp"

namespace weir::tokens {

/// Normalization Form C (Unicode Standard Annex 15), which some encodings put a text into before
/// anything else. The tables are a part of the vocabulary file (VOCABULARY.md), so only who counts
/// with such an encoding loads them. Without tables every text stays as it is. All texts are UTF-8.
///
/// A code point *joins* if what stands before it may change it or be changed by it. A code point
/// that does not, and those behind it that do, are a *segment*: each is normalised by itself.
class Normalizer {
 public:
  using CodePoints = std::vector<char32_t>;

  /// Reads the tables; none are right, too. False if they are not in order.
  bool load(Bytes tables);

  bool changes_nothing() const { return joins_.empty(); }

  /// How many bytes, from the beginning, stay as they are whatever follows in this text: the whole
  /// text, or up to a segment that has to be looked at.
  std::size_t unchanged_prefix(std::string_view text) const;

  /// Appends the text in Normalization Form C.
  void append(std::string& out, std::string_view text) const;

  /// Where the last segment begins whose first code point begins at `from` or later; 0 if none
  /// does.
  std::size_t last_segment(std::string_view text, std::size_t from) const;

  /// The offset in `text` up to which the normalised text's first `normalized_offset` bytes come
  /// from; the beginning of a segment where they end in one that was changed.
  std::size_t offset_before(std::string_view text, std::size_t normalized_offset) const;

  // What the tables say.

  /// Orders marks as Canonical_Combining_Class does; 0: the code point stays in its place.
  std::uint32_t order(char32_t c) const;
  /// Appends the full canonical decomposition, the code point itself where it has none.
  void decompose(CodePoints& out, char32_t c) const;
  /// The code point that two are composed to, or 0.
  char32_t composite(char32_t first, char32_t second) const;

 private:
  /// Rows of numbers, in the order of their first `keys` ones.
  struct Table {
    std::size_t begin = 0;  ///< in numbers_
    std::size_t rows = 0;
    std::size_t width = 0;
    std::size_t keys = 0;
  };
  using Key = std::array<std::uint32_t, 2>;

  Key key(const Table& table, std::size_t row) const;
  const std::uint32_t* find(const Table& table, Key key) const;
  bool is_in_order(const Table& table) const;
  void note_joining();
  void add_joining(char32_t c);
  bool joins(char32_t c) const {
    return c / 64 < joins_.size() && (joins_[c / 64] >> (c % 64) & 1);
  }
  std::size_t segment_end(std::string_view text, std::size_t at) const;
  void append_segment(std::string& out, std::string_view segment) const;
  void sort_marks(CodePoints& text) const;
  void compose(CodePoints& text) const;

  std::vector<std::uint32_t> numbers_;
  Table decompositions_;              ///< whole, first part, second part or 0
  Table compositions_;                ///< first part, second part, whole
  Table orders_;                      ///< mark, its place in the canonical order
  std::vector<std::uint64_t> joins_;  ///< a bit for each code point
};

}  // namespace weir::tokens
