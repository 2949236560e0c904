#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "file_reply.hpp"
#include "pack_rights.hpp"
#include "reply.hpp"
#include "weir/base/result.hpp"
#include "weir/prompt/context.hpp"

namespace weir::edge {

/// The packs that a folder had when it was looked into. Unchanging afterwards, so any thread may
/// read. A pack that is to be replaced must be replaced as a file (written beside, then renamed),
/// not written over: its old bytes are still read. What is asked of one that was is refused.
class Packs {
 public:
  /// No folder, no packs. A file that is no sound pack is logged and left out. Reads each through,
  /// which takes its time, but for those that are as they were in `earlier` (may be null).
  static Result<Packs> load(const std::string& folder, const Packs* earlier = nullptr);
  Packs(Packs&&) noexcept;
  ~Packs();

  std::size_t size() const { return files_.size(); }

  /// GET /packs/: [{name, file, bytes, repository, commit, files, chunks}], of those that this
  /// client may have; to it there are no others.
  Reply list(const PackRights& rights) const;
  /// GET /packs/FILE.
  Reply file(std::string_view name, const FileRequest& request, const PackRights& rights) const;

  /// What there is for an ask that brought no passages; nothing where no pack is of its repository.
  /// Fails where there is one and it cannot be read; the log says why. Slow: for a worker.
  /// `queries` as prompt::ContextSearch takes them.
  Result<std::optional<prompt::Context>> retrieve(const prompt::ChatRequest& request,
                                                  const std::vector<retrieval::Query>& queries,
                                                  const PackRights& rights) const;
  /// The space of the embeddings in the pack that retrieve() searches; null where there are none.
  const retrieval::EmbeddingSpace* embeddings(const prompt::ChatRequest& request,
                                              const PackRights& rights) const;

 private:
  struct File;
  struct Stamp;
  Packs();
  /// Null, and logged, where it is no sound pack.
  static std::shared_ptr<const File> open(const std::filesystem::path& path, const Stamp& stamp);
  const File* find(const prompt::ChatRequest& request, const PackRights& rights) const;

  std::vector<std::shared_ptr<const File>> files_;  ///< by name
};

}  // namespace weir::edge
