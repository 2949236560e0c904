#include "packs.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "log.hpp"
#include "weir/retrieval/whole_pack.hpp"
#include "weir/text/repository_name.hpp"

namespace weir::edge {
namespace {

namespace fs = std::filesystem;

/// A file's bytes, mapped for as long as this lives.
class Mapping {
 public:
  static Result<Mapping> open(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    const bool known = descriptor >= 0 && ::fstat(descriptor, &status) == 0 && status.st_size > 0;
    const std::size_t size = known ? static_cast<std::size_t>(status.st_size) : 0;
    void* address =
        known ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : MAP_FAILED;
    if (descriptor >= 0) ::close(descriptor);
    if (address == MAP_FAILED) return Error{ErrorCode::not_found, "it cannot be read.", ""};
    return Mapping(address, size);
  }

  Mapping(Mapping&& other) noexcept
      : address_(std::exchange(other.address_, nullptr)), size_(other.size_) {}
  Mapping& operator=(Mapping&&) = delete;
  ~Mapping() {
    if (address_ != nullptr) ::munmap(address_, size_);
  }

  Bytes bytes() const { return {static_cast<const std::uint8_t*>(address_), size_}; }

 private:
  Mapping(void* address, std::size_t size) : address_(address), size_(size) {}

  void* address_;
  std::size_t size_;
};

/// Made of what the pack's own table says of its sections, so that a large pack is not read
/// through.
std::string pack_etag(const retrieval::Pack& pack) {
  std::string sums;
  for (const retrieval::SectionEntry& section : pack.sections()) {
    store_little_endian(sums, section.kind);
    store_little_endian(sums, section.length);
    store_little_endian(sums, section.crc32);
  }
  return make_etag(as_bytes(sums));
}

}  // namespace

struct Packs::File {
  Mapping mapping;
  retrieval::WholePack pack;
  std::string name;
  FileContent content;
};

Packs::Packs() = default;
Packs::Packs(Packs&&) noexcept = default;
Packs::~Packs() = default;

Result<Packs> Packs::load(const std::string& folder) {
  Packs packs;
  if (folder.empty()) return packs;
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) {
    if (entry.path().extension() != ".weir" || !entry.is_regular_file(failure)) continue;
    const std::string name = entry.path().filename().string();
    Result<Mapping> mapping = Mapping::open(entry.path());
    Result<retrieval::WholePack> pack = mapping ? retrieval::WholePack::open(mapping->bytes())
                                                : Result<retrieval::WholePack>(mapping.error());
    if (!pack) {
      log("pack " + name + " is left out: " + pack.error().message);
      continue;
    }
    FileContent content{mapping->bytes(), pack_etag(**pack), "application/octet-stream",
                        "no-cache"};
    packs.files_.push_back(std::make_unique<File>(
        File{*std::move(mapping), *std::move(pack), name, std::move(content)}));
  }
  if (failure) {
    return Error{ErrorCode::not_found, folder + ": " + failure.message() + ".",
                 "Name a folder of *.weir files with --packs."};
  }
  std::sort(packs.files_.begin(), packs.files_.end(),
            [](const auto& a, const auto& b) { return a->name < b->name; });
  return packs;
}

Reply Packs::list(const PackRights& rights) const {
  json::Value list = json::Value::array();
  for (const auto& file : files_) {
    if (!rights.allow(file->name)) continue;
    const retrieval::PackInfo& info = file->pack->info();
    list.push_back({{"name", info.repository.empty() ? file->name : info.repository},
                    {"file", file->name},
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
    if (file->name != name || !rights.allow(name)) continue;
    if (!rights.is_private(name)) return file_reply(request, file->content);
    FileContent content = file->content;
    content.cache_control = "private, no-cache";
    return file_reply(request, content);
  }
  return error_reply({ErrorCode::not_found, "There is no such pack.", "GET /packs/ lists them."});
}

std::optional<prompt::Context> Packs::retrieve(const prompt::ChatRequest& request,
                                               const PackRights& rights) const {
  for (const auto& file : files_) {
    if (!rights.allow(file->name)) continue;
    if (!text::names_repository(request.repo_url, file->pack->info().repository)) continue;
    Result<prompt::Context> context = prompt::find_context(request, *file->pack);
    if (context) return *std::move(context);
    log("pack " + file->name + ": " + context.error().message);
    return prompt::Context{};
  }
  return std::nullopt;
}

}  // namespace weir::edge
