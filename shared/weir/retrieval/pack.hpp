#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/analyzer.hpp"
#include "weir/retrieval/pack_format.hpp"
#include "weir/retrieval/word_table.hpp"

namespace weir::retrieval {

/// What the pack says of itself (the section `meta`).
struct PackInfo {
  std::string repository;
  std::string commit;   ///< may be empty
  std::string builder;  ///< which program made it
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  std::uint64_t files = 0;
  std::uint64_t chunks = 0;
  std::uint64_t terms = 0;
  std::uint64_t text_bytes = 0;
};

/// Views into the pack's bytes, as long-lived as they are.
struct FileEntry {
  std::string_view path;
  std::string_view text;
  std::uint32_t lines = 0;
  std::uint32_t first_chunk = 0;  ///< its chunks follow one another
  std::uint32_t chunk_count = 0;
  std::uint32_t prior = 100;  ///< hundredths that its score is multiplied by
};

struct ChunkEntry {
  std::uint32_t file = 0;
  std::uint32_t start_line = 0;  ///< from 1
  std::uint32_t end_line = 0;    ///< included
  std::string_view text;
};

/// A section as the table lists it, for `weir inspect`.
struct SectionEntry {
  std::uint32_t kind = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint32_t crc32 = 0;
};

/// A repository's index file (FORMAT.md), read in place: opening checks it and copies only `meta`.
class Pack {
 public:
  /// The bytes must outlive the pack and all views into it. Refuses with pack_unsupported what is
  /// no pack or is of another version, with pack_damaged what is not as it was written.
  static Result<Pack> open(Bytes bytes, const limits::Pack& limits = {});

  const PackInfo& info() const { return info_; }
  std::uint32_t version() const { return format::version; }
  const std::vector<SectionEntry>& sections() const { return sections_; }
  std::size_t bytes() const { return size_; }

  std::size_t file_count() const { return file_count_; }
  std::size_t chunk_count() const { return chunk_count_; }
  std::size_t term_count() const { return term_count_; }

  /// `index` must be below the count.
  FileEntry file(std::size_t index) const;
  ChunkEntry chunk(std::size_t index) const;
  std::optional<std::size_t> find_file(std::string_view path) const;

  /// The encoded postings of a term (postings.hpp reads them); nothing where the repository lacks
  /// it.
  std::optional<Bytes> postings(TermKind kind, std::string_view term) const;

  /// The directions of all chunks, one behind the other; empty where the pack has none that
  /// `table` made.
  std::span<const std::int8_t> vectors(const WordTable& table) const;

 private:
  Pack() = default;

  Result<void> read_table(Bytes bytes);
  Result<void> check_files() const;
  Result<void> check_chunks() const;
  Result<void> check_terms() const;
  Result<void> check_vectors() const;
  Result<void> read_meta(Bytes meta);
  std::string_view term_key(std::size_t index) const;

  std::size_t size_ = 0;
  std::size_t file_count_ = 0;
  std::size_t chunk_count_ = 0;
  std::size_t term_count_ = 0;
  std::vector<SectionEntry> sections_;
  Bytes files_, paths_, chunks_, terms_, term_text_, postings_, text_, vectors_;
  PackInfo info_;
};

}  // namespace weir::retrieval
