#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The numbers of FORMAT.md, for the writer and the reader alike.
namespace weir::retrieval::format {

constexpr std::string_view magic = "WEIRPACK";

/// Grows with any change that an older reader would misread, and with any change of the analyzer: a
/// query's terms must be made as the pack's were.
constexpr std::uint32_t version = 2;

/// Which program makes packs.
constexpr std::string_view builder = "weir 0.1.0";

constexpr std::size_t header_bytes = 32;
constexpr std::size_t section_bytes = 24;
constexpr std::size_t vectors_header_bytes = 8;
constexpr std::size_t embeddings_head_bytes = 12;  ///< before the names

/// More would be no pack of ours.
constexpr std::uint32_t sections_most = 256;

enum class Section : std::uint32_t {
  meta = 1,
  layout = 2,
  paths = 3,
  terms = 4,
  term_index = 5,
  postings = 6,
  text = 7,
  vectors = 8,
  embeddings = 9,
  phrases = 10,
};

}  // namespace weir::retrieval::format
