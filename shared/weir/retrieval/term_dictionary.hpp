#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/retrieval/byte_store.hpp"
#include "weir/retrieval/string_table.hpp"

/// The terms of a pack and where their postings lie (FORMAT.md, sections `terms` and `term_index`):
/// sorted keys in blocks, and an index of the blocks that is small enough to be held.
namespace weir::retrieval {

/// Terms in a block, but for the last one's.
constexpr std::size_t terms_in_block = 128;

struct TermEntry {
  std::uint32_t chunks = 0;  ///< in so many it stands
  ByteRange postings;        ///< within the section `postings`
};

class TermDictionaryWriter {
 public:
  /// Keys ascend; of at most 255 bytes.
  void add(std::string_view key, std::uint32_t chunks, std::uint64_t postings_bytes);

  struct Sections {
    std::vector<std::uint8_t> terms;
    std::vector<std::uint8_t> index;
  };
  Sections finish() &&;

 private:
  void end_block();

  Sections out_;
  std::string previous_;
  std::size_t in_block_ = 0;
  std::size_t block_begin_ = 0;
  std::uint64_t block_postings_ = 0;
  std::string block_key_;
};

/// The keys of a whole section `terms`, in their order; false where it is not as it was written.
bool read_keys(Bytes terms, StringList& out);

class TermDictionary {
 public:
  /// `index` is read through; `terms` and `postings` are where these sections lie in the pack.
  /// False where they do not fit one another.
  bool open(Bytes index, ByteRange terms, ByteRange postings);

  /// The entry of a key; one that stands nowhere has no chunks.
  Read<TermEntry> find(const ByteStore& store, std::string_view key) const;

 private:
  struct Block {
    std::uint32_t key_end;   ///< of the shortest string that tells it from the block before
    std::uint64_t begin;     ///< in the section `terms`
    std::uint64_t postings;  ///< in the section `postings`
  };
  std::string_view key_of(std::size_t block) const;

  ByteRange terms_, postings_;
  std::string keys_;
  std::vector<Block> blocks_;  ///< and one behind the last
};

}  // namespace weir::retrieval
