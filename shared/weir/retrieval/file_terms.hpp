#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/retrieval/held_bytes.hpp"

namespace weir::retrieval {

/// How often a term stands in a chunk, and in the names defined there. A term is told by its place
/// in its file's list of terms.
struct Occurrence {
  std::uint32_t place = 0;
  std::uint16_t body = 0;
  std::uint16_t names = 0;
};

/// How often a term stands in a path, and in its file's name alone. The path's terms are the first
/// of its file's list, in the order of their places.
struct PathOccurrence {
  std::uint16_t path = 0;
  std::uint16_t file_name = 0;
};

/// What stands in one file. In each chunk, and in the path, a term stands once.
struct FileOccurrences {
  std::vector<PathOccurrence> path;
  std::vector<Occurrence> text;         ///< of all chunks, one after another
  std::vector<std::size_t> chunk_ends;  ///< of each chunk, in `text`

  std::size_t chunks() const { return chunk_ends.size(); }
  std::span<const Occurrence> chunk(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : chunk_ends[i - 1];
    return std::span(text).subspan(begin, chunk_ends[i] - begin);
  }
  void clear();
};

/// The terms of a file, and where they stand in a few bytes an occurrence: an index of a million
/// chunks is held as these until all of it is known. The bytes depend on the file alone.
struct FileTerms {
  std::vector<std::uint32_t> terms;  ///< by what the vocabulary at hand numbers them; distinct
  HeldBytes occurrences;             ///< as pack_occurrences() made them
};

std::vector<std::uint8_t> pack_occurrences(const FileOccurrences& occurrences);

/// False where the bytes are no occurrences of so many terms in so many chunks.
bool unpack_occurrences(Bytes packed, std::size_t terms, std::size_t chunks, FileOccurrences& out);

}  // namespace weir::retrieval
