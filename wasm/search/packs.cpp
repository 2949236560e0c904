#include "search/packs.hpp"

#include "weir/text/repository_name.hpp"

namespace weir::boundary {
namespace {

Handles<std::shared_ptr<OpenPack>> packs;

json::Value info_of(const retrieval::Pack& pack) {
  const retrieval::PackInfo& info = pack.info();
  json::Value told = {{"repository", info.repository}, {"commit", info.commit},
                      {"include", info.include},       {"exclude", info.exclude},
                      {"files", info.files},           {"chunks", info.chunks},
                      {"text_bytes", info.text_bytes}, {"pack_bytes", pack.bytes()}};
  if (info.time > 0) told["time"] = info.time;
  if (const retrieval::EmbeddingSpace* const space = pack.embeddings()) {
    told["embeddings"] = {{"provider", space->provider},
                          {"model", space->model},
                          {"dimensions", space->dimensions},
                          {"shortened", space->shortened}};
  }
  return told;
}

void give_file(const OpenPack& open, std::string_view path) {
  const auto index = open.pack.find_file(path);
  if (!index) return fail(index.error());
  if (!*index) return give(take_wanted());
  if (**index == open.pack.file_count()) {
    return fail({ErrorCode::not_found, "The pack has no file " + std::string(path) + ".",
                 "The pack's paths() lists all files."});
  }
  give_read(open.pack.file(**index), [](retrieval::SourceFile file) {
    return json::Value{
        {"path", std::move(file.path)}, {"text", std::move(file.text)}, {"lines", file.lines}};
  });
}

std::uint32_t pack_of(std::string_view repository) {
  for (const auto& [handle, open] : packs.all()) {
    if (text::names_repository(repository, (*open)->pack.info().repository)) return handle;
  }
  return 0;
}

}  // namespace

std::shared_ptr<OpenPack> find_pack(std::uint32_t handle) {
  const auto* found = packs.find(handle);
  return found ? *found : nullptr;
}

void open_pack(std::shared_ptr<Store> store) {
  // Most of its bytes have no part in the first answer, which is what is waited for.
  auto pack = retrieval::Pack::open(store->bytes, {}, retrieval::Checking::on_use);
  give_read(std::move(pack), [&](retrieval::Pack opened) {
    json::Value info = info_of(opened);
    auto open = std::make_shared<OpenPack>(OpenPack{std::move(store), std::move(opened)});
    const std::uint32_t handle =
        packs.open(std::make_unique<std::shared_ptr<OpenPack>>(std::move(open)));
    return json::Value{{"pack", handle}, {"info", std::move(info)}};
  });
}

}  // namespace weir::boundary

using namespace weir::boundary;

/// {"value": {"pack", "info"}} or {"wanted"}.
WEIR_EXPORT void weir_pack_open(std::uint32_t store) {
  auto found = find_store(store);
  found ? open_pack(std::move(found)) : fail(no_such_handle("store"));
}

/// The open pack of a repository, as an ask names it; 0 where none is.
WEIR_EXPORT std::uint32_t weir_pack_of(const std::uint8_t* repository,
                                       std::uint32_t repository_size) {
  return pack_of(text_of(repository, repository_size));
}

/// {"value": array of all paths} or {"wanted"}.
WEIR_EXPORT void weir_pack_paths(std::uint32_t pack) {
  const auto open = find_pack(pack);
  if (!open) return fail(no_such_handle("pack"));
  give_read(open->pack.paths(),
            [](const std::vector<std::string>& paths) { return weir::json::Value(paths); });
}

/// {"value": {"path", "text", "lines"}} or {"wanted"}; not_found.
WEIR_EXPORT void weir_pack_file(std::uint32_t pack, const std::uint8_t* path,
                                std::uint32_t path_size) {
  const auto open = find_pack(pack);
  open ? give_file(*open, text_of(path, path_size)) : fail(no_such_handle("pack"));
}

WEIR_EXPORT void weir_pack_close(std::uint32_t pack) {
  packs.take(pack);
}
