#include "weir/retrieval/word_table.hpp"

#include <cstdlib>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/base/hash.hpp"
#include "weir/retrieval/bm25f.hpp"

// The file words.bin, put here by the build.
extern "C" const unsigned char weir_embedded_words[], weir_embedded_words_end[];

namespace weir::retrieval {
namespace {

constexpr std::string_view magic = "WEIRWORD";
constexpr std::size_t header_bytes = 16;

/// Weights beyond this could make a sum of many words pass 32 bits.
constexpr int weight_most = 1023;

Error no_table() {
  return {ErrorCode::internal, "These bytes are no word table.",
          "Make one with training/train_word_table."};
}

/// Reads front to back; what is not there is left out and remembered.
class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  Bytes take(std::size_t size) {
    if (size > bytes_.size()) {
      complete_ = false;
      size = bytes_.size();
    }
    const Bytes taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  bool complete() const { return complete_ && bytes_.empty(); }

 private:
  Bytes bytes_;
  bool complete_ = true;
};

bool read_weights(Bytes bytes, std::vector<std::int16_t>& weights) {
  for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2) {
    weights.push_back(static_cast<std::int16_t>(load_little_endian<std::uint16_t>(&bytes[at])));
    if (std::abs(weights.back()) > weight_most) return false;
  }
  return true;
}

}  // namespace

const WordTable& WordTable::built_in() {
  static const WordTable table = [] {
    Result<WordTable> read_in = read(Bytes(weir_embedded_words, weir_embedded_words_end));
    WEIR_ASSERT(read_in);
    return *std::move(read_in);
  }();
  return table;
}

Result<WordTable> WordTable::read(Bytes bytes) {
  if (bytes.size() < header_bytes || as_text(bytes.first(magic.size())) != magic) return no_table();
  const std::size_t count = load_little_endian<std::uint32_t>(&bytes[8]);
  if (load_little_endian<std::uint32_t>(&bytes[12]) != vector_dimensions) return no_table();
  if (count > bytes.size()) return no_table();
  WordTable table;
  table.checksum_ = crc32(bytes);
  Reader reader(bytes.subspan(header_bytes));
  for (const std::uint8_t length : reader.take(count)) {
    table.words_.intern(as_text(reader.take(length)));
  }
  const bool weights = read_weights(reader.take(2 * count), table.question_weights_) &&
                       read_weights(reader.take(2 * count), table.text_weights_);
  for (const std::uint8_t four : reader.take(count * vector_dimensions / 4)) {
    for (int shift = 0; shift < 8; shift += 2) {
      table.vectors_.push_back(static_cast<std::int8_t>(2 * ((four >> shift) & 3) - 3));
    }
  }
  if (!weights || !reader.complete() || table.size() != count) return no_table();
  return table;
}

void VectorSum::add(const std::int8_t* vector, std::int32_t weight, std::uint32_t times) {
  // 1 + ln(times), in sixteenths.
  const auto frequency = static_cast<std::int32_t>((bm25f::one + bm25f::natural_log(times)) >> 12);
  const std::int32_t factor = weight * frequency;
  for (std::size_t i = 0; i < vector_dimensions; ++i) sum_[i] += factor * vector[i];
}

}  // namespace weir::retrieval
