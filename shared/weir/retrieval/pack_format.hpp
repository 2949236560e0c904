#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The numbers of FORMAT.md, for the writer and the reader alike.
namespace weir::retrieval::format {

constexpr std::string_view magic = "WEIRPACK";

/// Grows with any change that an older reader would misread, and with any change of the analyzer: a
/// query's terms must be made as the pack's were.
constexpr std::uint32_t version = 1;

constexpr std::size_t header_bytes = 32;
constexpr std::size_t section_bytes = 24;
constexpr std::size_t file_bytes = 36;
constexpr std::size_t chunk_bytes = 20;
constexpr std::size_t term_bytes = 8;
constexpr std::size_t vectors_header_bytes = 8;

/// More would be no pack of ours.
constexpr std::uint32_t sections_most = 256;

enum class Section : std::uint32_t {
  meta = 1,
  files = 2,
  paths = 3,
  chunks = 4,
  terms = 5,
  term_text = 6,
  postings = 7,
  text = 8,
  vectors = 9,
};

/// Impacts, what one term adds to one chunk's or file's score, are in units of 1/impact_scale.
constexpr std::uint32_t impact_scale = 32;
constexpr std::uint32_t impact_most = 0xffff;

}  // namespace weir::retrieval::format
