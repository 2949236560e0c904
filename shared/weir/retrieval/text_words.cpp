#include "weir/retrieval/text_words.hpp"

#include <cstring>

namespace weir::retrieval {
namespace {

/// Most words stand a few times.
constexpr std::size_t frequencies_known = 64;

std::int16_t frequency(std::uint32_t times) {
  static const auto known = [] {
    std::array<std::int16_t, frequencies_known> table{};
    for (std::uint32_t i = 1; i < table.size(); ++i)
      table[i] = static_cast<std::int16_t>(word_frequency(i));
    return table;
  }();
  return times < known.size() ? known[times] : static_cast<std::int16_t>(word_frequency(times));
}

// A vector extension of GCC and Clang: SSE natively, simd128 in WebAssembly.
using Halves8 = std::int16_t __attribute__((vector_size(16)));

void add_row(TextWords::Row& sum, const TextWords::Row& row) {
  for (std::size_t i = 0; i < vector_dimensions; i += 8) {
    Halves8 left, right;
    std::memcpy(&left, &sum[i], sizeof left);
    std::memcpy(&right, &row[i], sizeof right);
    left += right;
    std::memcpy(&sum[i], &left, sizeof left);
  }
}

}  // namespace

TextWords::TextWords(const WordTable& table) : checksum_(table.checksum()) {
  rows_.reserve(table.size());
  table.each([&](std::string_view word, const WordRow& row) {
    if (row.text_weight == 0) return;
    words_.intern(word);
    Row& weighted = rows_.emplace_back();
    // A weight has ten bits, a component two.
    for (std::size_t i = 0; i < vector_dimensions; ++i)
      weighted[i] = static_cast<std::int16_t>(row.text_weight * row.vector[i]);
  });
}

std::uint32_t TextWords::find(std::string_view part) const {
  return words_.find(part).value_or(none);
}

void TextSum::add(const TextWords::Row& row, std::uint32_t times) {
  if (times == 1) {
    add_row(once_, row);
    if (++added_once_ == once_most) settle();
    return;
  }
  const std::int32_t factor = frequency(times);
  for (std::size_t i = 0; i < vector_dimensions; ++i) sum_[i] += factor * row[i];
}

void TextSum::settle() {
  const std::int32_t factor = frequency(1);
  for (std::size_t i = 0; i < vector_dimensions; ++i) sum_[i] += factor * once_[i];
  once_ = {};
  added_once_ = 0;
}

VectorCode TextSum::code() {
  settle();
  return code_of_sum(sum_);
}

}  // namespace weir::retrieval
