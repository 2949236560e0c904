#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/admission.hpp"
#include "weir/retrieval/embeddings.hpp"
#include "weir/retrieval/file_analyst.hpp"
#include "weir/retrieval/pack_writer.hpp"
#include "weir/retrieval/word_table.hpp"
#include "weir/retrieval/workers.hpp"

namespace weir::retrieval {

struct IndexOptions {
  std::string repository;  ///< host/owner/name, as far as it is known
  std::string commit;      ///< may be empty
  std::uint64_t time = 0;  ///< of the commit, in seconds since 1970; 0: not known
  std::vector<std::string>
      include;  ///< globs; where there are any, only what they match is admitted
  std::vector<std::string> exclude;  ///< globs after the defaults, so that `!dist/` lets dist in
  limits::Pack limits;
};

/// Takes a repository's files one by one and makes its pack. The pack depends on the files and the
/// options alone: neither the order of add() nor the build (native, wasm) changes a byte of it.
class IndexBuilder {
 public:
  /// `words` must be whole, and outlive the builder.
  explicit IndexBuilder(IndexOptions options, const WordTable& words = WordTable::built_in());
  IndexBuilder(IndexBuilder&&) noexcept;
  IndexBuilder& operator=(IndexBuilder&&) noexcept;
  ~IndexBuilder();

  /// By name and size alone, so that a host need not read what would be refused. `path` is relative
  /// to the repository's root, with '/' between parts.
  Admission admits(std::string_view path, std::uint64_t size) const;

  /// False where nothing that lies in this folder is admitted: a host need not walk into it.
  bool enters(std::string_view folder) const;

  /// Converts, splits and analyses the file. Its text is copied into the pack to be; `content` may
  /// go afterwards.
  /// `stamp` as in Origin.
  Admission add(std::string_view path, Bytes content, std::uint64_t stamp = 0);

  /// The two steps of that, for a host with threads: an analyst for each of them, and what it made
  /// of a file that is admitted. Analysts live as long as the builder.
  FileAnalyst& new_analyst();
  Admission add(AnalysedFile file);

  // Both before the first file.

  /// Has contents hashed with this key, 128 random bits, so that write_forward() can be called.
  void track(const Id128& key);
  /// The same with the key of an earlier pack, from which unchanged files are taken over. It must
  /// outlive the builder.
  void refresh(const ForwardIndex& earlier);

  /// Adds a file that the earlier pack has with this stamp (Origin), unread. Nothing where it has
  /// not.
  std::optional<Admission> add_unchanged(std::string_view path, std::uint64_t stamp);

  /// In place of IndexOptions::commit, ::time and ::repository.
  void name_commit(std::string commit);
  void name_time(std::uint64_t seconds);
  void name_repository(std::string repository);

  /// Every chunk with its file's path, in the order that the pack will have. Nothing may be added
  /// afterwards. Fails as write() does where what was taken from an earlier pack is not sound.
  using ChunkVisitor = std::function<void(std::string_view path, std::string_view chunk)>;
  Result<void> each_chunk(const ChunkVisitor& visit);

  /// Has the pack carry what a provider's model made of its chunks: write() takes the direction of
  /// each, in their order, which are as many bytes as the space has dimensions.
  using EmbeddingSource = std::function<Bytes(std::uint32_t chunk)>;
  void carry_embeddings(EmbeddingSpace space, EmbeddingSource source);

  std::size_t files() const;
  std::size_t chunks() const;
  std::uint64_t bytes() const;  ///< of text taken in

  /// The pack, written to `sink` as PackWriter does: returned are the bytes to put over its first
  /// ones. Nothing may be added afterwards. Fails with request_too_large where a limit of the
  /// options is passed, with internal where the sink refuses, with pack_damaged where what was
  /// taken from an earlier pack is not sound.
  Result<std::vector<std::uint8_t>> write(PackSink sink, const Workers& workers = {});
  /// What the next pack is refreshed from (forward_index.hpp), after write(), which returned
  /// `pack_head`.
  Result<std::vector<std::uint8_t>> write_forward(Bytes pack_head, PackSink sink) const;

  /// The pack, held in memory.
  Result<std::vector<std::uint8_t>> finish() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::retrieval
