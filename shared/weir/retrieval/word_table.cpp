#include "weir/retrieval/word_table.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/retrieval/bm25f.hpp"
#include "weir/retrieval/numbers.hpp"

namespace weir::retrieval {
namespace {

constexpr std::string_view magic = "WEIRWORD";

/// Weights beyond this could make a sum of many words pass 32 bits.
constexpr int weight_most = 1023;

constexpr std::size_t row_bytes = 4 + vector_dimensions / 4;

Error no_table() {
  return {ErrorCode::internal, "These bytes are no word table.",
          "Make one with training/train_word_table."};
}

std::uint32_t u32(Bytes bytes, std::size_t at) {
  return load_little_endian<std::uint32_t>(&bytes[at]);
}

std::int32_t weight_at(Bytes bytes, std::size_t at) {
  return static_cast<std::int16_t>(load_little_endian<std::uint16_t>(&bytes[at]));
}

WordRow row_of(Bytes bytes) {
  WordRow row;
  row.question_weight = std::clamp(weight_at(bytes, 0), -weight_most, weight_most);
  row.text_weight = std::clamp(weight_at(bytes, 2), -weight_most, weight_most);
  for (std::size_t i = 0; i < vector_dimensions; ++i) {
    const int code = (bytes[4 + i / 4] >> (2 * (i % 4))) & 3;
    row.vector[i] = static_cast<std::int8_t>(2 * code - 3);
  }
  return row;
}

struct Entry {
  std::string_view word;
  Bytes row;
};

std::optional<Entry> read_entry(NumberReader& reader) {
  const Bytes length = reader.take(1);
  const std::string_view word = as_text(reader.take(length.empty() ? 0 : length[0]));
  const Bytes row = reader.take(row_bytes);
  if (!reader.ok()) return std::nullopt;
  return Entry{word, row};
}

}  // namespace

Read<WordTable> WordTable::open(const ByteStore& store) {
  if (store.size() < header_bytes) return no_table();
  const auto header = store.read({0, header_bytes});
  if (!header) return std::optional<WordTable>();
  if (as_text(header->first(magic.size())) != magic || u32(*header, 8) != version ||
      u32(*header, 20) != vector_dimensions) {
    return no_table();
  }
  WordTable table;
  table.store_ = &store;
  table.checksum_ = u32(*header, 12);
  table.size_ = u32(*header, 16);
  const std::uint32_t index_bytes = u32(*header, 24);
  if (index_bytes > store.size() - header_bytes) return no_table();
  const auto index = store.read({header_bytes, index_bytes});
  if (!index) return std::optional<WordTable>();
  NumberReader reader(*index);
  std::uint64_t at = header_bytes + index_bytes;
  while (!reader.at_end()) {
    const Bytes length = reader.take(1);
    const Bytes first = reader.take(length.empty() ? 0 : length[0]);
    const Bytes bytes = reader.take(2);
    if (!reader.ok()) return no_table();
    table.blocks_.push_back(
        {std::string(as_text(first)), {at, load_little_endian<std::uint16_t>(bytes.data())}});
    at = table.blocks_.back().range.end();
  }
  if (at != store.size()) return no_table();
  return std::optional(std::move(table));
}

Read<WordRow> WordTable::find(std::string_view part) const {
  auto block =
      std::upper_bound(blocks_.begin(), blocks_.end(), part,
                       [](std::string_view word, const Block& b) { return word < b.first; });
  if (block == blocks_.begin()) return std::optional(WordRow{});
  --block;
  const auto bytes = store_->read(block->range);
  if (!bytes) return std::optional<WordRow>();
  NumberReader reader(*bytes);
  while (!reader.at_end()) {
    const auto entry = read_entry(reader);
    if (!entry) return no_table();
    if (entry->word == part) return std::optional(row_of(entry->row));
  }
  return std::optional(WordRow{});
}

void WordTable::each(const std::function<void(std::string_view, const WordRow&)>& visit) const {
  for (const Block& block : blocks_) {
    const auto bytes = store_->read(block.range);
    WEIR_ASSERT(bytes);
    NumberReader reader(*bytes);
    while (!reader.at_end()) {
      if (const auto entry = read_entry(reader)) visit(entry->word, row_of(entry->row));
    }
  }
}

std::int32_t word_frequency(std::uint32_t times) {
  return static_cast<std::int32_t>((bm25f::one + bm25f::natural_log(times)) >> 12);
}

void VectorSum::add(const std::int8_t* vector, std::int32_t weight, std::uint32_t times) {
  const std::int32_t factor = weight * word_frequency(times);
  for (std::size_t i = 0; i < vector_dimensions; ++i) sum_[i] += factor * vector[i];
}

}  // namespace weir::retrieval
