#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "open_file.hpp"
#include "weir/base/result.hpp"
#include "weir/prompt/context.hpp"
#include "weir/retrieval/pack.hpp"

namespace weir::edge {

/// A pack in a file, of which only what every search needs is held: all else is read when it is
/// wanted, as a page does with a pack on a web server. Unchanging, so any thread may use it.
class StoredPack {
 public:
  /// Reads the file through once, and refuses one that is not as it was written.
  static Result<StoredPack> open(const std::filesystem::path& path);

  const std::shared_ptr<const OpenFile>& file() const { return file_; }
  const retrieval::PackInfo& info() const { return pack_.info(); }
  const std::vector<retrieval::SectionEntry>& sections() const { return pack_.sections(); }
  /// Null where it carries none.
  const retrieval::EmbeddingSpace* embeddings() const { return pack_.embeddings(); }

  /// What there is for an ask that brought no passages. Slow: for a worker. Fails with pack_damaged
  /// where the file was written over or cut short since it was opened.
  /// `queries` as prompt::ContextSearch takes them.
  Result<prompt::Context> find_context(const prompt::ChatRequest& request,
                                       const std::vector<retrieval::Query>& queries) const;

 private:
  StoredPack(std::shared_ptr<const OpenFile> file, std::unique_ptr<retrieval::ByteStore> store,
             retrieval::Pack pack);

  std::shared_ptr<const OpenFile> file_;
  std::unique_ptr<retrieval::ByteStore> store_;  ///< what it was opened from; empty
  retrieval::Pack pack_;
};

}  // namespace weir::edge
