#include "engine/packs.hpp"

#include <algorithm>

#include "engine/json_values.hpp"
#include "weir/retrieval/search.hpp"
#include "weir/text/utf8.hpp"

namespace weir::boundary {
namespace {

Handles<OpenPack> packs;

json::Value info_of(const OpenPack& open) {
  const retrieval::PackInfo& info = open.pack.info();
  return {{"repository", info.repository}, {"commit", info.commit},
          {"files", info.files},           {"chunks", info.chunks},
          {"text_bytes", info.text_bytes}, {"pack_bytes", open.bytes.size()}};
}

/// Turns ascending byte offsets of a text into UTF-16 offsets, as JavaScript's strings count.
class Utf16Offsets {
 public:
  explicit Utf16Offsets(std::string_view text) : text_(text) {}

  std::uint32_t at(std::size_t byte) {
    while (byte_ < std::min(byte, text_.size())) {
      const text::Decoded decoded = text::decode(text_, byte_);
      byte_ += decoded.length;
      units_ += decoded.code_point > 0xFFFF ? 2 : 1;
    }
    return units_;
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0;
  std::uint32_t units_ = 0;
};

json::Value json_of(const retrieval::Hit& hit) {
  json::Value matches = json::Value::array();
  Utf16Offsets offsets(hit.passage.text);
  for (const retrieval::Match& match : hit.matches) {
    const std::uint32_t begin = offsets.at(match.begin);
    matches.push_back({{"begin", begin}, {"end", offsets.at(match.end)}});
  }
  return {{"path", hit.passage.path},
          {"start_line", hit.passage.start_line},
          {"end_line", hit.passage.end_line},
          {"text", hit.passage.text},
          {"pack", hit.pack},
          {"score", hit.score},
          {"matches", std::move(matches)},
          {"symbol", hit.symbol}};
}

retrieval::Query query_of(const json::Value& value) {
  retrieval::Query query;
  query.text = json::string_or(value, "text");
  query.limit = static_cast<std::size_t>(std::max<std::int64_t>(
      0, json::integer_or(value, "limit", static_cast<std::int64_t>(query.limit))));
  query.include = strings_of(value, "include");
  query.exclude = strings_of(value, "exclude");
  query.prefer_path = json::string_or(value, "prefer_path");
  return query;
}

/// The packs that the query's handles name.
Result<std::vector<const retrieval::Pack*>> packs_of(const json::Value& query) {
  std::vector<const retrieval::Pack*> asked;
  const json::Value* handles = json::find(query, "packs");
  if (!handles || !handles->is_array()) return asked;
  for (const json::Value& handle : *handles) {
    const OpenPack* open =
        handle.is_number_unsigned() ? packs.find(handle.get<std::uint32_t>()) : nullptr;
    if (!open) return no_such_handle("pack");
    asked.push_back(&open->pack);
  }
  return asked;
}

Result<json::Value> search(std::string_view query) {
  const Result<json::Value> parsed = json::parse(query);
  if (!parsed) return parsed.error();
  const auto asked = packs_of(*parsed);
  if (!asked) return asked.error();
  const Result<std::vector<retrieval::Hit>> hits = retrieval::search(*asked, query_of(*parsed));
  if (!hits) return hits.error();
  json::Value found = json::Value::array();
  for (const retrieval::Hit& hit : *hits) found.push_back(json_of(hit));
  return found;
}

json::Value paths_of(const OpenPack& open) {
  json::Value paths = json::Value::array();
  for (std::size_t i = 0; i < open.pack.file_count(); ++i) {
    paths.push_back(open.pack.file(i).path);
  }
  return paths;
}

Result<json::Value> file_of(const OpenPack& open, std::string_view path) {
  const std::optional<std::size_t> index = open.pack.find_file(path);
  if (!index) {
    return Error{ErrorCode::not_found, "The pack has no file " + std::string(path) + ".",
                 "The pack's paths() lists all files."};
  }
  const retrieval::FileEntry file = open.pack.file(*index);
  return json::Value{{"path", file.path}, {"text", file.text}, {"lines", file.lines}};
}

}  // namespace

void open_pack(std::shared_ptr<const void> owner, Bytes bytes) {
  Result<retrieval::Pack> pack = retrieval::Pack::open(bytes);
  if (!pack) return fail(pack.error());
  auto open = std::make_unique<OpenPack>(OpenPack{std::move(owner), bytes, *std::move(pack)});
  json::Value info = info_of(*open);
  give(json::Value{{"pack", packs.open(std::move(open))}, {"info", std::move(info)}});
}

std::optional<FoundInPack> find_in_pack(std::uint32_t pack, const prompt::ChatRequest& request) {
  const OpenPack* open = packs.find(pack);
  if (!open) return std::nullopt;
  auto hits = prompt::find_hits(request, open->pack);
  if (!hits) return std::nullopt;
  FoundInPack found;
  found.context.file = prompt::find_file(request, open->pack);
  for (retrieval::Hit& hit : *hits) {
    found.hits.push_back(json::write(json_of(hit)));
    found.context.passages.push_back(std::move(hit.passage));
  }
  return found;
}

std::optional<prompt::Context> context_for(const prompt::ChatRequest& request) {
  for (const auto& [handle, open] : packs.all()) {
    if (!prompt::names_repository(request.repo_url, open->pack.info().repository)) continue;
    Result<prompt::Context> context = prompt::find_context(request, open->pack);
    return context ? *std::move(context) : prompt::Context{};
  }
  return std::nullopt;
}

}  // namespace weir::boundary

using namespace weir::boundary;

/// Takes the allocation over, also where it fails: the pack reads it in place until it is closed.
WEIR_EXPORT void weir_pack_open(std::uint8_t* pointer, std::uint32_t size) {
  open_pack(std::shared_ptr<const void>(pointer, std::free), bytes_of(pointer, size));
}

/// The pack's own bytes, to be saved.
WEIR_EXPORT void weir_pack_bytes(std::uint32_t pack) {
  const OpenPack* open = packs.find(pack);
  open ? lend(open->bytes) : fail(no_such_handle("pack"));
}

/// Query {"packs": handles, "text", "limit"?, "include"?, "exclude"?, "prefer_path"?} -> array of
/// Hit, whose "pack" is a place in "packs".
WEIR_EXPORT void weir_search(const std::uint8_t* query, std::uint32_t query_size) {
  give(search(text_of(query, query_size)));
}

/// Array of all paths.
WEIR_EXPORT void weir_pack_paths(std::uint32_t pack) {
  const OpenPack* open = packs.find(pack);
  open ? give(paths_of(*open)) : fail(no_such_handle("pack"));
}

/// {"path", "text", "lines"}, or not_found.
WEIR_EXPORT void weir_pack_file(std::uint32_t pack, const std::uint8_t* path,
                                std::uint32_t path_size) {
  const OpenPack* open = packs.find(pack);
  open ? give(file_of(*open, text_of(path, path_size))) : fail(no_such_handle("pack"));
}

WEIR_EXPORT void weir_pack_close(std::uint32_t pack) {
  packs.take(pack);
}
