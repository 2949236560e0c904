#include <memory>

#include "engine/boundary.hpp"
#include "engine/json_values.hpp"
#include "engine/packs.hpp"
#include "weir/retrieval/index_builder.hpp"

namespace weir::boundary {
namespace {

Handles<retrieval::IndexBuilder> builders;

void open_builder(std::string_view options) {
  const Result<json::Value> parsed = json::parse(options);
  if (!parsed) return fail(parsed.error());
  retrieval::IndexOptions index;
  index.repository = json::string_or(*parsed, "repository");
  index.commit = json::string_or(*parsed, "commit");
  index.include = strings_of(*parsed, "include");
  index.exclude = strings_of(*parsed, "exclude");
  give(json::Value{
      {"index", builders.open(std::make_unique<retrieval::IndexBuilder>(std::move(index)))}});
}

void finish(std::uint32_t handle) {
  const std::unique_ptr<retrieval::IndexBuilder> builder = builders.take(handle);
  if (!builder) return fail(no_such_handle("index"));
  Result<std::vector<std::uint8_t>> built = std::move(*builder).finish();
  if (!built) return fail(built.error());
  const auto owner = std::make_shared<const std::vector<std::uint8_t>>(*std::move(built));
  open_pack(owner, *owner);
}

}  // namespace
}  // namespace weir::boundary

using namespace weir::boundary;

/// Options {"repository", "commit"?, "include"?, "exclude"?} -> {"index": handle}.
WEIR_EXPORT void weir_index_open(const std::uint8_t* options, std::uint32_t options_size) {
  open_builder(text_of(options, options_size));
}

/// By name and size alone: a retrieval::Admission, of which 0 is "added". A size is a double, as
/// the host's numbers are.
WEIR_EXPORT std::uint32_t weir_index_admits(std::uint32_t index, const std::uint8_t* path,
                                            std::uint32_t path_size, double size) {
  const weir::retrieval::IndexBuilder* builder = builders.find(index);
  WEIR_ASSERT(builder && size >= 0);
  return static_cast<std::uint32_t>(
      builder->admits(text_of(path, path_size), static_cast<std::uint64_t>(size)));
}

/// A retrieval::Admission. Copies what it keeps.
WEIR_EXPORT std::uint32_t weir_index_add(std::uint32_t index, const std::uint8_t* path,
                                         std::uint32_t path_size, const std::uint8_t* content,
                                         std::uint32_t content_size) {
  weir::retrieval::IndexBuilder* builder = builders.find(index);
  WEIR_ASSERT(builder);
  return static_cast<std::uint32_t>(
      builder->add(text_of(path, path_size), bytes_of(content, content_size)));
}

/// What an Admission means, as a plain phrase.
WEIR_EXPORT void weir_admission_reason(std::uint32_t admission) {
  give(std::string(weir::retrieval::reason(static_cast<weir::retrieval::Admission>(admission))));
}

WEIR_EXPORT std::uint32_t weir_index_chunks(std::uint32_t index) {
  const weir::retrieval::IndexBuilder* builder = builders.find(index);
  return builder ? static_cast<std::uint32_t>(builder->chunks()) : 0;
}

/// Makes the pack and opens it; the index is closed, whatever comes of it. -> as weir_pack_open.
WEIR_EXPORT void weir_index_finish(std::uint32_t index) {
  finish(index);
}

/// Gives up.
WEIR_EXPORT void weir_index_close(std::uint32_t index) {
  builders.take(index);
}
