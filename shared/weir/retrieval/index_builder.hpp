#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/limits.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/admission.hpp"
#include "weir/retrieval/pack_writer.hpp"
#include "weir/retrieval/word_table.hpp"

namespace weir::retrieval {

struct IndexOptions {
  std::string repository;  ///< a name for people, usually owner/name
  std::string commit;      ///< may be empty
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
  Admission add(std::string_view path, Bytes content);

  /// In place of IndexOptions::commit and ::repository.
  void name_commit(std::string commit);
  void name_repository(std::string repository);

  std::size_t files() const;
  std::size_t chunks() const;
  std::uint64_t bytes() const;  ///< of text taken in

  /// The pack, written to `sink` as PackWriter does: returned are the bytes to put over its first
  /// ones. Fails with request_too_large where a limit of the options is passed, with internal where
  /// the sink refuses.
  Result<std::vector<std::uint8_t>> finish(PackSink sink) &&;

  /// The same, held in memory.
  Result<std::vector<std::uint8_t>> finish() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::retrieval
