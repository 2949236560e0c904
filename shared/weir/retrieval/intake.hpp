#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/admission.hpp"
#include "weir/retrieval/index_builder.hpp"
#include "weir/text/gitignore.hpp"

namespace weir::retrieval {

/// What came in and what was left out while a pack was made, and why.
class IntakeReport {
 public:
  explicit IntakeReport(std::size_t paths_most) : paths_most_(paths_most) {}

  /// Files that met one fate.
  struct Fate {
    std::uint64_t files = 0;         ///< a folder that was not walked into counts as one
    std::uint64_t bytes = 0;         ///< as far as they are known
    std::vector<std::string> paths;  ///< the first of them; folders end with a slash
  };

  void count(std::string_view path, std::uint64_t bytes, Admission admission);
  const Fate& of(Admission admission) const { return fates_[static_cast<std::size_t>(admission)]; }

 private:
  std::size_t paths_most_;
  std::array<Fate, admission_count> fates_;
};

/// The way of a repository's files into its pack, for whoever walks through a folder or an archive:
/// judges, honours .gitignore, and keeps account. Each file is offered once, first by name and
/// size.
class Intake {
 public:
  /// `words` as for IndexBuilder.
  explicit Intake(IndexOptions options, const WordTable& words = WordTable::built_in());

  /// The text of the .gitignore that lies in `folder` (empty: the root). What it speaks of must be
  /// offered later.
  void ignore(std::string_view folder, std::string_view text) { ignored_.add(folder, text); }

  /// False: do not walk into this folder.
  bool enters(std::string_view folder);

  /// False: do not read this file.
  bool admits(std::string_view path, std::uint64_t size);

  /// Takes in what was admitted. False: it was left out after all.
  /// `stamp` as in Origin.
  bool add(std::string_view path, Bytes content, std::uint64_t stamp = 0);

  /// The two steps of that, as IndexBuilder has them. `bytes` is the file's size.
  FileAnalyst& new_analyst() { return builder_.new_analyst(); }
  bool add(AnalysedFile file, std::uint64_t bytes);

  // As IndexBuilder has them.
  void track(const Id128& key) { builder_.track(key); }
  void refresh(const ForwardIndex& earlier) { builder_.refresh(earlier); }
  /// False: it has to be read. `bytes` is its size.
  bool add_unchanged(std::string_view path, std::uint64_t bytes, std::uint64_t stamp);

  /// The commit that the files are of, where it was not known at the beginning. What is no full
  /// hash in hexadecimal digits is none.
  void name_commit(std::string_view commit);
  /// When that was made, in seconds since 1970, likewise.
  void name_time(std::uint64_t seconds) { builder_.name_time(seconds); }
  /// The repository's name, likewise.
  void name_repository(std::string_view repository);

  /// What the host cannot or need not offer.
  void leave_out(std::string_view path, std::uint64_t size, Admission why);

  const IndexBuilder& builder() const { return builder_; }
  const IntakeReport& report() const { return report_; }

  // As IndexBuilder has them.
  Result<void> each_chunk(const IndexBuilder::ChunkVisitor& visit) {
    return builder_.each_chunk(visit);
  }
  void carry_embeddings(EmbeddingSpace space, IndexBuilder::EmbeddingSource source) {
    builder_.carry_embeddings(std::move(space), std::move(source));
  }
  Result<std::vector<std::uint8_t>> write(PackSink sink, const Workers& workers = {}) {
    return builder_.write(std::move(sink), workers);
  }
  Result<std::vector<std::uint8_t>> write_forward(Bytes pack_head, PackSink sink) const {
    return builder_.write_forward(pack_head, std::move(sink));
  }
  Result<std::vector<std::uint8_t>> finish() && { return std::move(builder_).finish(); }

 private:
  IntakeReport report_;
  IndexBuilder builder_;
  FileAnalyst* analyst_ = nullptr;  ///< of the files that are added as they came
  text::GitIgnore ignored_;
};

}  // namespace weir::retrieval
