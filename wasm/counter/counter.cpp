// Counting tokens: the whole of weir-counter.wasm beside encodings.cpp.
#include <memory>

#include "engine/boundary.hpp"
#include "engine/encodings.hpp"
#include "weir/text/utf8.hpp"
#include "weir/tokens/incremental.hpp"

namespace weir::boundary {
namespace {

Handles<tokens::IncrementalCounter> counts;
std::vector<std::uint32_t> numbers;  ///< what calls with more than one as their result give

void lend_numbers() {
  lend({reinterpret_cast<const std::uint8_t*>(numbers.data()), 4 * numbers.size()});
}

}  // namespace
}  // namespace weir::boundary

using namespace weir::boundary;

WEIR_EXPORT std::uint32_t weir_count(std::uint32_t encoding, const std::uint8_t* text,
                                     std::uint32_t size) {
  const weir::tokens::Encoding* found = find_encoding(encoding);
  WEIR_ASSERT(found);
  return static_cast<std::uint32_t>(found->count(text_of(text, size)));
}

/// Counts `count` texts that lie one behind the other; `ends` says where each of them ends, counted
/// from the first one's beginning. The result is their tokens as uint32, least significant byte
/// first.
WEIR_EXPORT void weir_count_all(std::uint32_t encoding, const std::uint8_t* texts,
                                const std::uint32_t* ends, std::uint32_t count) {
  const weir::tokens::Encoding* found = find_encoding(encoding);
  WEIR_ASSERT(found);
  numbers.clear();
  std::uint32_t begin = 0;
  for (std::uint32_t i = 0; i < count; begin = ends[i++]) {
    const std::string_view text = text_of(texts + begin, ends[i] - begin);
    numbers.push_back(static_cast<std::uint32_t>(found->count(text)));
  }
  lend_numbers();
}

/// How much of the text, in UTF-16 units, is at most so many tokens (Encoding::fitting_prefix).
WEIR_EXPORT std::uint32_t weir_fitting(std::uint32_t encoding, const std::uint8_t* text,
                                       std::uint32_t size, std::uint32_t most) {
  const weir::tokens::Encoding* found = find_encoding(encoding);
  WEIR_ASSERT(found);
  const std::string_view whole = text_of(text, size);
  const std::size_t fitting = found->fitting_prefix(whole, most);
  return static_cast<std::uint32_t>(weir::text::utf16_units(whole.substr(0, fitting)));
}

/// The result is the tokens' numbers as uint32, least significant byte first.
WEIR_EXPORT void weir_encode(std::uint32_t encoding, const std::uint8_t* text, std::uint32_t size) {
  const weir::tokens::Encoding* found = find_encoding(encoding);
  WEIR_ASSERT(found);
  numbers.clear();
  found->encode(text_of(text, size), numbers);
  lend_numbers();
}

/// A running count of text that grows: its handle.
WEIR_EXPORT std::uint32_t weir_count_open(std::uint32_t encoding) {
  const weir::tokens::Encoding* found = find_encoding(encoding);
  WEIR_ASSERT(found);
  return counts.open(std::make_unique<weir::tokens::IncrementalCounter>(*found));
}

WEIR_EXPORT void weir_count_append(std::uint32_t count, const std::uint8_t* text,
                                   std::uint32_t size) {
  weir::tokens::IncrementalCounter* found = counts.find(count);
  WEIR_ASSERT(found);
  found->append(text_of(text, size));
}

WEIR_EXPORT std::uint32_t weir_count_total(std::uint32_t count) {
  const weir::tokens::IncrementalCounter* found = counts.find(count);
  WEIR_ASSERT(found);
  return static_cast<std::uint32_t>(found->total());
}

WEIR_EXPORT void weir_count_close(std::uint32_t count) {
  counts.take(count);
}
