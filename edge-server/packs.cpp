#include "packs.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "log.hpp"
#include "stored_pack.hpp"
#include "weir/text/repository_name.hpp"

namespace weir::edge {
namespace {

namespace fs = std::filesystem;

/// Made of what the pack's own table says of its sections, so that a large pack is not read
/// through.
std::string pack_etag(const StoredPack& pack) {
  std::string sums;
  for (const retrieval::SectionEntry& section : pack.sections()) {
    store_little_endian(sums, section.kind);
    store_little_endian(sums, section.length);
    store_little_endian(sums, section.crc32);
  }
  return make_etag(as_bytes(sums));
}

}  // namespace

/// By which it is seen that a file was not replaced.
struct Packs::Stamp {
  std::string name;
  fs::file_time_type written;
  std::uintmax_t bytes;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

struct Packs::File {
  StoredPack pack;
  FileContent content;
  Stamp stamp;

  const std::string& name() const { return stamp.name; }
};

Packs::Packs() = default;
Packs::Packs(Packs&&) noexcept = default;
Packs::~Packs() = default;

std::shared_ptr<const Packs::File> Packs::open(const fs::path& path, const Stamp& stamp) {
  Result<StoredPack> pack = StoredPack::open(path);
  if (!pack) {
    log("pack " + stamp.name + " is left out: " + pack.error().message);
    return nullptr;
  }
  FileContent content{Content(pack->file()), pack_etag(*pack), "application/octet-stream",
                      "no-cache"};
  return std::make_shared<const File>(File{*std::move(pack), std::move(content), stamp});
}

Result<Packs> Packs::load(const std::string& folder, const Packs* earlier) {
  Packs packs;
  if (folder.empty()) return packs;
  const auto known = [&](const Stamp& stamp) -> std::shared_ptr<const File> {
    if (!earlier) return nullptr;
    const auto found = std::find_if(earlier->files_.begin(), earlier->files_.end(),
                                    [&](const auto& file) { return file->stamp == stamp; });
    return found == earlier->files_.end() ? nullptr : *found;
  };
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) {
    if (entry.path().extension() != ".weir" || !entry.is_regular_file(failure)) continue;
    std::error_code gone;
    const Stamp stamp{entry.path().filename().string(), entry.last_write_time(gone),
                      entry.file_size(gone)};
    if (gone) continue;
    std::shared_ptr<const File> file = known(stamp);
    if (!file) file = open(entry.path(), stamp);
    if (file) packs.files_.push_back(std::move(file));
  }
  if (failure) {
    return Error{ErrorCode::not_found, folder + ": " + failure.message() + ".",
                 "Name a folder of *.weir files with --packs."};
  }
  std::sort(packs.files_.begin(), packs.files_.end(),
            [](const auto& a, const auto& b) { return a->name() < b->name(); });
  return packs;
}

Reply Packs::list(const PackRights& rights) const {
  json::Value list = json::Value::array();
  for (const auto& file : files_) {
    if (!rights.allow(file->name())) continue;
    const retrieval::PackInfo& info = file->pack.info();
    list.push_back({{"name", info.repository.empty() ? file->name() : info.repository},
                    {"file", file->name()},
                    {"bytes", file->content.bytes.size()},
                    {"repository", info.repository},
                    {"commit", info.commit},
                    {"files", info.files},
                    {"chunks", info.chunks}});
  }
  return json_reply(list);
}

Reply Packs::file(std::string_view name, const FileRequest& request,
                  const PackRights& rights) const {
  for (const auto& file : files_) {
    if (file->name() != name || !rights.allow(name)) continue;
    if (!rights.is_private(name)) return file_reply(request, file->content);
    FileContent content = file->content;
    content.cache_control = "private, no-cache";
    return file_reply(request, content);
  }
  return error_reply({ErrorCode::not_found, "There is no such pack.", "GET /packs/ lists them."});
}

const Packs::File* Packs::find(const prompt::ChatRequest& request, const PackRights& rights) const {
  for (const auto& file : files_) {
    if (rights.allow(file->name()) &&
        text::names_repository(request.repo_url, file->pack.info().repository))
      return file.get();
  }
  return nullptr;
}

const retrieval::EmbeddingSpace* Packs::embeddings(const prompt::ChatRequest& request,
                                                   const PackRights& rights) const {
  const File* const file = find(request, rights);
  return file ? file->pack.embeddings() : nullptr;
}

Result<std::optional<prompt::Context>> Packs::retrieve(const prompt::ChatRequest& request,
                                                       const std::vector<retrieval::Query>& queries,
                                                       const PackRights& rights) const {
  const File* const file = find(request, rights);
  if (!file) return std::optional<prompt::Context>();
  Result<prompt::Context> context = file->pack.find_context(request, queries);
  if (context) return std::optional(*std::move(context));
  log("pack " + file->name() + ": " + context.error().message);
  return Error{ErrorCode::internal, "The edge cannot read its pack of this repository.",
               "Whoever runs the edge finds the reason in its log."};
}

}  // namespace weir::edge
