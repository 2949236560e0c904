#include "weir/retrieval/text_block.hpp"

#include <algorithm>
#include <optional>

#include "weir/base/hash.hpp"
#include "weir/deflate/deflate.hpp"
#include "weir/retrieval/numbers.hpp"
#include "weir/retrieval/pack_error.hpp"
#include "weir/text/utf8.hpp"

namespace weir::retrieval {
namespace {

/// No block of ours is larger, whatever a file's size is: one chunk and the blank lines behind it.
constexpr std::uint64_t block_bytes_most = 4 << 20;

constexpr std::size_t checksum_bytes = 4;

std::vector<std::uint8_t> plain_block(std::string_view path, std::string_view text,
                                      std::span<const Chunk> chunks, std::size_t begin,
                                      std::size_t end) {
  std::vector<std::uint8_t> plain;
  plain.reserve(end - begin + path.size() + 32 * chunks.size());
  append_number(plain, path.size());
  append_bytes(plain, as_bytes(path));
  std::size_t at = begin;
  std::uint32_t line = 0;
  for (const Chunk& chunk : chunks) {
    append_number(plain, chunk.begin - at);
    append_number(plain, chunk.end - chunk.begin);
    append_number(plain, chunk.start_line - line);
    append_number(plain, chunk.end_line - chunk.start_line);
    at = chunk.end;
    line = chunk.end_line;
  }
  append_bytes(plain, as_bytes(text.substr(begin, end - begin)));
  return plain;
}

std::optional<TextBlock> read_plain(Bytes plain, std::uint32_t chunks) {
  NumberReader reader(plain);
  TextBlock block;
  block.path = as_text(reader.take(reader.number()));
  std::uint64_t at = 0, line = 0;
  for (std::uint32_t i = 0; i < chunks; ++i) {
    TextBlock::Chunk chunk;
    at += reader.number(UINT32_MAX);
    chunk.begin = static_cast<std::uint32_t>(at);
    at += reader.number(UINT32_MAX);
    chunk.end = static_cast<std::uint32_t>(at);
    line += reader.number(UINT32_MAX);
    chunk.start_line = static_cast<std::uint32_t>(line);
    line += reader.number(UINT32_MAX);
    chunk.end_line = static_cast<std::uint32_t>(line);
    if (!reader.ok() || at > plain.size() || line > UINT32_MAX || chunk.start_line == 0)
      return std::nullopt;
    block.chunks.push_back(chunk);
  }
  block.text = as_text(reader.take(reader.left()));
  if (!reader.ok() || at > block.text.size()) return std::nullopt;
  if (!text::is_valid_utf8(block.path) || !text::is_valid_utf8(block.text)) return std::nullopt;
  return block;
}

}  // namespace

std::vector<StoredBlock> append_blocks(std::vector<std::uint8_t>& out, std::string_view path,
                                       std::string_view text, std::span<const Chunk> chunks) {
  std::vector<StoredBlock> blocks;
  std::size_t begin = 0;
  while (!chunks.empty()) {
    std::size_t count = 1;
    while (count < chunks.size() && chunks[count].end - begin <= block_text_bytes) ++count;
    const std::size_t end = count < chunks.size() ? chunks[count].begin : text.size();
    const auto plain = plain_block(path, text, chunks.first(count), begin, end);
    const std::size_t stored = out.size();
    store_little_endian(out, crc32(plain));
    append_number(out, plain.size());
    deflate::compress(plain, out);
    blocks.push_back({static_cast<std::uint32_t>(count), out.size() - stored});
    chunks = chunks.subspan(count);
    begin = end;
  }
  return blocks;
}

Result<TextBlock> read_block(Bytes stored, std::uint32_t chunks) {
  const Error broken = damaged("a block of text is not as it was written");
  if (stored.size() < checksum_bytes) return broken;
  NumberReader reader(stored.subspan(checksum_bytes));
  const std::uint64_t size = reader.number();
  std::vector<std::uint8_t> plain;
  if (!reader.ok() || size > block_bytes_most ||
      !deflate::decompress(reader.take(reader.left()), static_cast<std::size_t>(size), plain) ||
      crc32(plain) != load_little_endian<std::uint32_t>(stored.data())) {
    return broken;
  }
  auto block = read_plain(plain, chunks);
  if (!block) return broken;
  return *std::move(block);
}

}  // namespace weir::retrieval
