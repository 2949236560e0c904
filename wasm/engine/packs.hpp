#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/boundary.hpp"
#include "weir/base/passage.hpp"
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

/// Passages for a question from the open pack that is named as `repository` ends; none where no
/// pack is. What an ask without context gets when it is answered here.
std::vector<Passage> passages_for(std::string_view repository, std::string_view question);

}  // namespace weir::boundary
