#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "mapped_file.hpp"
#include "weir/base/result.hpp"
#include "weir/retrieval/embedding_records.hpp"

namespace weir::cli {

/// Where the embeddings of a pack are kept.
std::filesystem::path embeddings_path(const std::filesystem::path& pack);

/// What was paid for, in a file beside the pack. What was added is on the disk when add() returns:
/// whatever ends the program later, it is not paid for again. One run at a time has the file.
class PaidEmbeddings {
 public:
  /// What there is; a damaged end is cut off, and said on `errors`. Fails with invalid_request
  /// where another run has the file, or it is none of this kind, with internal where it cannot be
  /// read or written.
  static Result<PaidEmbeddings> open(std::filesystem::path path, std::ostream& errors);
  PaidEmbeddings(PaidEmbeddings&& other) noexcept;
  PaidEmbeddings& operator=(PaidEmbeddings&&) = delete;
  ~PaidEmbeddings();

  Hash128 hash_of(const retrieval::EmbeddingSpace& space, std::string_view text) const {
    return records_.hash_of(space, text);
  }
  std::optional<Bytes> find(const Hash128& text) const { return records_.find(text); }

  /// Of texts, by their hashes. They are found after reload().
  using Paid = std::pair<Hash128, retrieval::EmbeddingDirection>;
  Result<void> add(std::span<const Paid> paid);
  void reload();
  /// For who does not find what was added.
  Error cannot_read() const;

  /// Writes the file anew where most of it is of texts that are no more. Those in `used` stay; what
  /// find() gave is good no longer.
  Result<void> drop_all_but(std::span<const Hash128> used);

 private:
  PaidEmbeddings(std::filesystem::path path, int descriptor);
  Result<void> create();
  Result<void> cut_off_damage(std::ostream& errors) const;
  Result<void> write(Bytes bytes) const;
  Error cannot_write() const;

  std::filesystem::path path_;
  int descriptor_;  ///< -1: there is no file yet
  std::vector<std::uint8_t> head_;
  std::optional<MappedFile> file_;
  retrieval::EmbeddingRecords records_;  ///< of `file_`, or of `head_`
};

}  // namespace weir::cli
