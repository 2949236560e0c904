#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/id128.hpp"
#include "weir/base/result.hpp"
#include "weir/base/siphash.hpp"
#include "weir/retrieval/file_analyst.hpp"
#include "weir/retrieval/pack_writer.hpp"
#include "weir/retrieval/string_table.hpp"
#include "weir/retrieval/whole_pack.hpp"

namespace weir::retrieval {

/// What the making of a pack leaves behind for the next one: of each file what stands in it, which
/// a pack does not tell, and how to see that it has not changed (FORMAT.md). It lies beside its
/// pack, and is never needed: what has none is indexed afresh.
class ForwardIndex {
 public:
  /// `pack` and `forward` must outlive it. Fails with pack_unsupported where these two do not
  /// belong together or another build made them, with pack_damaged where one is not as it was
  /// written.
  static Result<ForwardIndex> open(Bytes pack, Bytes forward, std::uint32_t words_checksum,
                                   const limits::Pack& limits = {});

  /// With this key contents are hashed.
  const Id128& key() const { return key_; }

  /// The file, if it was in the pack and has still this stamp; 0 is the stamp of none.
  std::optional<AnalysedFile> with_stamp(std::string_view path, std::uint64_t stamp) const;
  /// The same by the hash of its content. Any thread may ask.
  std::optional<AnalysedFile> with_content(std::string_view path, const Hash128& content) const;

 private:
  struct File {
    std::string path;
    Origin origin;
    Admission admission = Admission::added;
    std::uint64_t text_bytes = 0;
    Bytes terms, occurrences;  ///< encoded
  };

  ForwardIndex(WholePack pack, Bytes bytes) : pack_(std::move(pack)), bytes_(bytes) {}
  Result<void> read(std::uint32_t words_checksum);
  bool read_files(Bytes body);
  const File* find(std::string_view path) const;
  std::optional<AnalysedFile> analysed(const File& file) const;

  WholePack pack_;
  Bytes bytes_;
  Id128 key_;
  std::vector<File> files_;  ///< in the order of the pack
  StringList keys_;          ///< of the pack's dictionary
};

/// Writes the forward index of the files of a pack, whose first bytes are `pack_head`, as
/// PackWriter::finish gave them. Their terms are numbered by the pack's dictionary. Returned are
/// the bytes to put over its first ones; fails with internal where the sink refuses.
Result<std::vector<std::uint8_t>> write_forward_index(std::span<const AnalysedFile> files,
                                                      const Id128& key, Bytes pack_head,
                                                      std::uint32_t words_checksum, PackSink sink);

}  // namespace weir::retrieval
