#pragma once

#include <cstdint>
#include <vector>

namespace weir::retrieval {

/// How often a term stands in a piece of text, and in the names defined there.
struct Occurrence {
  std::uint32_t term = 0;
  std::uint16_t body = 0;
  std::uint16_t names = 0;
};

/// How often a term stands in a path, and in its file's name alone.
struct PathOccurrence {
  std::uint32_t term = 0;
  std::uint16_t path = 0;
  std::uint16_t file_name = 0;
};

/// What stands in one file. In each chunk, and in the path, a term stands once.
struct FileTerms {
  std::vector<PathOccurrence> path;
  std::vector<Occurrence> text;         ///< of all chunks, one after another
  std::vector<std::size_t> chunk_ends;  ///< of each chunk, in `text`

  void clear();
};

/// The same in a few bytes an occurrence: an index of a million chunks is held as these until all
/// of it is known.
std::vector<std::uint8_t> pack_terms(const FileTerms& terms);
void unpack_terms(const std::vector<std::uint8_t>& packed, FileTerms& out);

}  // namespace weir::retrieval
