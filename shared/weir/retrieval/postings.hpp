#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/base/bytes.hpp"

/// Where a term stands (FORMAT.md, section `postings`).
namespace weir::retrieval {

/// How strongly a document has a term: BM25F's saturation, of which this is 1
/// (bm25f::strength).
constexpr std::uint32_t strength_bits = 6;
constexpr std::uint32_t strength_most = (1U << strength_bits) - 1;

/// What is rare is told in all of these bits, what stands nearly everywhere in few: its strength
/// decides little, and its list is long. How many of the lower bits are left out.
unsigned dropped_bits(std::uint64_t chunks_with_term, std::uint64_t chunk_count);

/// The chunks that have a term, ascending, and the files that these lie in.
struct Postings {
  std::vector<std::uint32_t> chunks;
  std::vector<std::uint8_t> chunk_strengths;  ///< one for each chunk
  std::vector<std::uint32_t> files;
  std::vector<std::uint8_t> file_strengths;  ///< one for each file
  /// One for each file: 1 where it defines the term as a name. Empty where none does.
  std::vector<std::uint8_t> defines;

  void clear();
};

/// What is written of them; the files are told by the chunks.
struct PostingsView {
  std::span<const std::uint32_t> chunks;
  std::span<const std::uint8_t> chunk_strengths;
  std::span<const std::uint8_t> file_strengths;
  std::span<const std::uint8_t> defines;

  PostingsView(std::span<const std::uint32_t> c, std::span<const std::uint8_t> of_chunks,
               std::span<const std::uint8_t> of_files, std::span<const std::uint8_t> d)
      : chunks(c), chunk_strengths(of_chunks), file_strengths(of_files), defines(d) {}
  PostingsView(const Postings& postings)  // NOLINT: a view of it wherever one is asked for
      : PostingsView(postings.chunks, postings.chunk_strengths, postings.file_strengths,
                     postings.defines) {}
};

void append_postings(std::vector<std::uint8_t>& out, const PostingsView& postings,
                     std::size_t chunk_count);

/// Reads the postings of a term that stands in `count` chunks, which may be any bytes: false where
/// they do not hold them. `file_of` gives each chunk's file. All chunks and files read are below
/// the counts.
bool read_postings(Bytes bytes, std::uint32_t count, std::span<const std::uint32_t> file_of,
                   Postings& out);

}  // namespace weir::retrieval
