// Counting tokens: the whole of weir-counter.wasm beside encodings.cpp.
#include <memory>

#include "engine/boundary.hpp"
#include "engine/encodings.hpp"
#include "weir/tokens/incremental.hpp"

namespace weir::boundary {
namespace {

Handles<tokens::IncrementalCounter> counts;
std::vector<tokens::Token> encoded;

}  // namespace
}  // namespace weir::boundary

using namespace weir::boundary;

WEIR_EXPORT std::uint32_t weir_count(std::uint32_t encoding, const std::uint8_t* text,
                                     std::uint32_t size) {
  const weir::tokens::Encoding* found = find_encoding(encoding);
  WEIR_ASSERT(found);
  return static_cast<std::uint32_t>(found->count(text_of(text, size)));
}

/// The result is the tokens' numbers as uint32, least significant byte first.
WEIR_EXPORT void weir_encode(std::uint32_t encoding, const std::uint8_t* text, std::uint32_t size) {
  const weir::tokens::Encoding* found = find_encoding(encoding);
  WEIR_ASSERT(found);
  encoded.clear();
  found->encode(text_of(text, size), encoded);
  lend({reinterpret_cast<const std::uint8_t*>(encoded.data()), 4 * encoded.size()});
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
