#include "weir/retrieval/file_table.hpp"

#include <algorithm>

#include "weir/deflate/deflate.hpp"
#include "weir/retrieval/file_form.hpp"
#include "weir/retrieval/numbers.hpp"

namespace weir::retrieval {
namespace {

/// DEFLATE makes nothing smaller than by this factor; what says so is no table of ours.
constexpr std::uint64_t expansion_most = 1032;

constexpr std::uint32_t prior_most = 100;

/// A group's number, told by how many groups ago it was new: 0 for one that is new here.
void append_group(std::vector<std::uint8_t>& out, StringTable& groups, std::string_view name) {
  const std::uint32_t known = groups.size();
  append_number(out, known - std::min(groups.intern(name), known));
}

bool read_groups(NumberReader& reader, std::size_t files, std::vector<std::uint32_t>& groups) {
  std::uint32_t known = 0;
  groups.reserve(files);
  for (std::size_t i = 0; i < files; ++i) {
    const std::uint32_t ago = reader.number(known);
    groups.push_back(known - ago);
    if (ago == 0) ++known;
  }
  return reader.ok();
}

/// How many things there are, told by one count for each of `groups`: where each group begins.
bool read_counts(NumberReader& reader, std::size_t groups, std::size_t things,
                 std::vector<std::uint32_t>& first) {
  std::uint64_t sum = 0;
  first.reserve(groups + 1);
  first.push_back(0);
  for (std::size_t i = 0; i < groups; ++i) {
    const std::uint64_t count = reader.number();
    if (count == 0 || count > things - sum) return false;
    sum += count;
    first.push_back(static_cast<std::uint32_t>(sum));
  }
  return sum == things;
}

bool read_columns(Bytes columns, std::uint64_t text_bytes, FileTable& out) {
  NumberReader reader(columns);
  // Everything has a byte at least, so that counts cannot ask for more memory than was sent.
  const auto most = static_cast<std::uint32_t>(std::min<std::size_t>(columns.size(), UINT32_MAX));
  const std::uint32_t files = reader.number(most), blocks = reader.number(most);
  const std::uint32_t chunks = reader.number(UINT32_MAX);
  if (!read_counts(reader, files, chunks, out.first_chunk)) return false;
  for (std::uint32_t i = 0; i < files; ++i)
    out.prior.push_back(static_cast<std::uint8_t>(reader.number(prior_most)));
  if (!read_groups(reader, files, out.folder) || !read_groups(reader, files, out.family))
    return false;
  if (!read_counts(reader, blocks, chunks, out.block_chunk)) return false;
  out.block_offset.push_back(0);
  for (std::uint32_t i = 0; i < blocks; ++i) {
    const std::uint64_t bytes = reader.number();
    if (bytes > text_bytes - out.block_offset.back()) return false;
    out.block_offset.push_back(out.block_offset.back() + bytes);
  }
  return reader.ok() && reader.at_end() && out.block_offset.back() == text_bytes;
}

/// Each file begins a block. False where one begins within a block.
bool set_first_blocks(FileTable& table) {
  std::uint32_t block = 0;
  for (const std::uint32_t chunk : table.first_chunk) {
    while (block < table.block_chunk.size() && table.block_chunk[block] < chunk) ++block;
    if (block == table.block_chunk.size() || table.block_chunk[block] != chunk) return false;
    table.first_block.push_back(block);
  }
  return true;
}

void set_files_of_chunks(FileTable& table) {
  table.file_of.resize(table.first_chunk.back());
  for (std::uint32_t file = 0; file < table.file_count(); ++file) {
    std::fill_n(&table.file_of[table.first_chunk[file]], table.chunks_of(file), file);
  }
}

}  // namespace

std::size_t FileTable::block_of(std::uint32_t chunk) const {
  const auto behind = std::upper_bound(block_chunk.begin(), block_chunk.end(), chunk);
  return static_cast<std::size_t>(behind - block_chunk.begin()) - 1;
}

void FileTableWriter::add_file(std::string_view path, std::uint32_t chunks) {
  ++files_;
  chunk_count_ += chunks;
  append_number(chunks_, chunks);
  append_number(prior_, prior_of(path));
  append_group(folder_, folders_, path.substr(0, path.size() - file_name(path).size()));
  append_group(family_, families_, family_name(path));
}

void FileTableWriter::add_block(std::uint32_t chunks, std::uint64_t stored_bytes) {
  ++blocks_;
  append_number(block_chunks_, chunks);
  append_number(block_bytes_, stored_bytes);
}

std::vector<std::uint8_t> FileTableWriter::finish() const {
  std::vector<std::uint8_t> columns;
  append_number(columns, files_);
  append_number(columns, blocks_);
  append_number(columns, chunk_count_);
  for (const Column* column :
       {&chunks_, &prior_, &folder_, &family_, &block_chunks_, &block_bytes_}) {
    columns.insert(columns.end(), column->begin(), column->end());
  }
  std::vector<std::uint8_t> section;
  append_number(section, columns.size());
  deflate::compress(columns, section);
  return section;
}

bool read_file_table(Bytes bytes, std::uint64_t text_bytes, FileTable& out) {
  NumberReader reader(bytes);
  const std::uint64_t size = reader.number();
  const Bytes stored = reader.take(reader.left());
  if (!reader.ok() || size > stored.size() * expansion_most) return false;
  std::vector<std::uint8_t> columns;
  if (!deflate::decompress(stored, static_cast<std::size_t>(size), columns)) return false;
  out = {};
  if (!read_columns(columns, text_bytes, out) || !set_first_blocks(out)) return false;
  set_files_of_chunks(out);
  return true;
}

}  // namespace weir::retrieval
