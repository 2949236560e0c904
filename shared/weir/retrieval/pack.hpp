#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/analyzer.hpp"
#include "weir/retrieval/byte_store.hpp"
#include "weir/retrieval/embeddings.hpp"
#include "weir/retrieval/file_table.hpp"
#include "weir/retrieval/pack_format.hpp"
#include "weir/retrieval/string_table.hpp"
#include "weir/retrieval/term_dictionary.hpp"
#include "weir/retrieval/text_block.hpp"
#include "weir/retrieval/word_table.hpp"

namespace weir::retrieval {

/// What the pack says of itself (the section `meta`).
struct PackInfo {
  std::string repository;  ///< host/owner/name, as far as it is known
  std::string commit;      ///< may be empty
  std::uint64_t time = 0;  ///< of the commit, in seconds since 1970; 0: not known
  std::string builder;     ///< which program made it
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  std::uint64_t files = 0;
  std::uint64_t chunks = 0;
  std::uint64_t terms = 0;
  std::uint64_t text_bytes = 0;
};

struct SourceFile {
  std::string path;
  std::string text;
  std::uint32_t lines = 0;
};

/// A section as the table lists it, for `weir inspect`.
struct SectionEntry {
  std::uint32_t kind = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint32_t crc32 = 0;

  ByteRange range() const { return {offset, length}; }
};

/// When the checksums of a pack that is wholly here are looked at.
enum class Checking : std::uint8_t {
  at_opening,  ///< all of them
  /// Each before what it stands for is used: that of whole sections when they are read, that of
  /// what searches read in part with the first search, that of texts with each block.
  on_use,
};

/// A repository's index file (FORMAT.md), read in place. What every search needs is held: what the
/// pack says of itself, its table of files and the index of its terms. All else is read from the
/// store when it is wanted, so that a pack can be searched of which only some ranges are here.
class Pack {
 public:
  /// The store must outlive the pack. Of a whole file all checksums are checked, now or later; of
  /// ranges those of the sections that are read whole, and of blocks of text. Refuses with
  /// pack_unsupported what is no pack or is of another version, with pack_damaged what is not as it
  /// was written. One that is checked on use is used by one thread at a time.
  static Read<Pack> open(const ByteStore& store, const limits::Pack& limits = {},
                         Checking checking = Checking::at_opening);

  /// Before a search: fails with pack_damaged where a section that it reads in part, of a pack that
  /// is wholly here, is not as it was written. Looks once.
  Result<void> check_searched() const;

  /// The same pack, read from another store of the same file: so that several threads can read
  /// ranges of one pack at a time. What is held is held once. The store must outlive it.
  Pack over(const ByteStore& store) const;

  const PackInfo& info() const { return info_; }
  std::uint32_t version() const { return format::version; }
  const std::vector<SectionEntry>& sections() const { return sections_; }
  std::uint64_t bytes() const { return store_->size(); }

  std::size_t file_count() const { return files_->file_count(); }
  std::size_t chunk_count() const { return files_->chunk_count(); }
  const FileTable& files() const { return *files_; }

  /// One that stands nowhere has no chunks.
  Read<TermEntry> find_term(TermKind kind, std::string_view term) const;
  /// Encoded, for read_postings(). Nothing: the bytes are wanted.
  std::optional<Bytes> postings(const TermEntry& term) const;

  /// Whether it has directions of its chunks that this table made.
  bool has_vectors(const WordTable& table) const;
  /// The code of a chunk's direction (vector.hpp). Nothing: the bytes are wanted.
  std::optional<Bytes> vector(std::uint32_t chunk) const;

  bool has_phrases() const { return has_phrases_; }
  /// Those of some chunks that follow one another (phrase_code.hpp). Nothing: the bytes are wanted,
  /// or it has none.
  std::optional<Bytes> phrases(std::uint32_t first, std::uint32_t count) const;

  /// Of what a provider's model made of its chunks; null where it carries nothing of the kind.
  const EmbeddingSpace* embeddings() const { return embeddings_ ? &embeddings_->space : nullptr; }
  /// The direction of a chunk there, as many bytes as the space has dimensions. Nothing: the bytes
  /// are wanted.
  std::optional<Bytes> embedding(std::uint32_t chunk) const;

  Read<TextBlock> block(std::size_t block) const;

  /// Of all files, in their order.
  Read<std::vector<std::string>> paths() const;
  /// The number of the file with this path; file_count() where there is none.
  Read<std::size_t> find_file(std::string_view path) const;
  /// `index` must be below the count.
  Read<SourceFile> file(std::size_t index) const;

  // Of a whole pack, what another one may take over.

  /// The keys of all terms, in their order.
  Result<StringList> dictionary() const;
  /// The blocks of a file, one behind the other.
  Bytes stored_text(std::size_t file) const;
  /// The codes of the directions of some chunks; nothing where it has none.
  std::optional<Bytes> vectors(std::uint32_t first, std::uint32_t count) const;

 private:
  Pack() = default;

  Read<bool> read_sections(const limits::Pack& limits);
  Result<void> check_sum(const SectionEntry& entry, Bytes bytes) const;
  Result<void> check_sums() const;
  Result<void> read_meta(Bytes meta);
  Result<void> check_vectors();
  Result<void> check_embeddings(Bytes beginning);
  Result<void> check_phrases();
  const SectionEntry* find(format::Section kind) const;  ///< null where there is none
  ByteRange section(format::Section kind) const;
  Read<Bytes> checked(format::Section kind) const;

  const ByteStore* store_ = nullptr;
  std::vector<SectionEntry> sections_;
  PackInfo info_;
  std::shared_ptr<const FileTable> files_;
  std::shared_ptr<const TermDictionary> terms_;
  std::optional<std::uint32_t> vectors_of_;  ///< the checksum of the table that made them
  std::optional<EmbeddingsHead> embeddings_;
  bool has_phrases_ = false;
  bool sums_checked_ = false;  ///< all, when it was opened
  std::shared_ptr<bool> searched_checked_ = std::make_shared<bool>(false);
};

}  // namespace weir::retrieval
