#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/boundary.hpp"
#include "weir/prompt/context.hpp"
#include "weir/retrieval/pack.hpp"

namespace weir::boundary {

/// A pack together with the bytes that it reads in place.
struct OpenPack {
  std::shared_ptr<const void> owner;
  Bytes bytes;
  retrieval::Pack pack;
};

/// Checks the bytes and opens them; gives {"pack": handle, "info": PackInfo}.
void open_pack(std::shared_ptr<const void> owner, Bytes bytes);

/// What this pack has for a request without context, and the passages as Hits in JSON.
struct FoundInPack {
  prompt::Context context;
  std::vector<std::string> hits;
};
/// Nothing where no such pack is open, or it cannot be searched.
std::optional<FoundInPack> find_in_pack(std::uint32_t pack, const prompt::ChatRequest& request);

/// What an ask without context gets when it is answered here: from the open pack of its repository,
/// nothing where none is.
std::optional<prompt::Context> context_for(const prompt::ChatRequest& request);

}  // namespace weir::boundary
