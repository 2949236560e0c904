#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/chunker.hpp"

/// The texts of a pack (FORMAT.md, section `text`): compressed in blocks, each with all that a
/// passage in it needs.
namespace weir::retrieval {

/// A block ends before the chunk with which it would pass this.
constexpr std::size_t block_text_bytes = 8 << 10;

/// Part of one file.
struct TextBlock {
  struct Chunk {
    std::uint32_t begin = 0;  ///< in `text`
    std::uint32_t end = 0;
    std::uint32_t start_line = 0;  ///< from 1
    std::uint32_t end_line = 0;    ///< included
  };

  std::string path;  ///< of its file
  std::vector<Chunk> chunks;
  std::string text;

  std::string_view text_of(const Chunk& chunk) const {
    return std::string_view(text).substr(chunk.begin, chunk.end - chunk.begin);
  }
};

/// How many chunks and bytes a block has in the section.
struct StoredBlock {
  std::uint32_t chunks = 0;
  std::uint64_t bytes = 0;
};

/// Appends a file's blocks: all of its text, to the last byte. It has at least one chunk.
std::vector<StoredBlock> append_blocks(std::vector<std::uint8_t>& out, std::string_view path,
                                       std::string_view text, std::span<const Chunk> chunks);

/// Fails with pack_damaged where the bytes are no block of so many chunks.
Result<TextBlock> read_block(Bytes stored, std::uint32_t chunks);

}  // namespace weir::retrieval
