#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/retrieval/string_table.hpp"

namespace weir::retrieval {

/// What ranking needs to know of each file, and where texts lie (FORMAT.md, section `layout`): held
/// whole wherever a pack is open.
struct FileTable {
  // Of each file, in the order of their paths; each of the first ones has one more at its end.
  std::vector<std::uint32_t> first_chunk;
  std::vector<std::uint32_t> first_block;
  std::vector<std::uint8_t> prior;    ///< hundredths that its score is multiplied by
  std::vector<std::uint32_t> folder;  ///< files of one folder have the same number
  std::vector<std::uint32_t> family;  ///< files that belong together by their names (file_form.hpp)

  std::vector<std::uint32_t> file_of;  ///< of each chunk

  // Of each block of text; each has one more at its end.
  std::vector<std::uint32_t> block_chunk;   ///< its first
  std::vector<std::uint64_t> block_offset;  ///< in the section `text`

  std::size_t file_count() const { return prior.size(); }
  std::size_t chunk_count() const { return file_of.size(); }
  std::uint32_t chunks_of(std::size_t file) const {
    return first_chunk[file + 1] - first_chunk[file];
  }
  /// The block that a chunk lies in.
  std::size_t block_of(std::uint32_t chunk) const;
};

/// Collects what the table is made of, file by file in the order of their paths.
class FileTableWriter {
 public:
  void add_file(std::string_view path, std::uint32_t chunks);
  /// A block of the file that was added last.
  void add_block(std::uint32_t chunks, std::uint64_t stored_bytes);

  /// The section.
  std::vector<std::uint8_t> finish() const;

 private:
  using Column = std::vector<std::uint8_t>;

  StringTable folders_, families_;
  std::size_t files_ = 0, chunk_count_ = 0, blocks_ = 0;
  Column chunks_, prior_, folder_, family_, block_chunks_, block_bytes_;
};

/// False where the bytes are no table of files whose blocks fill `text_bytes`.
bool read_file_table(Bytes bytes, std::uint64_t text_bytes, FileTable& out);

}  // namespace weir::retrieval
