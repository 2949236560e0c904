#pragma once

#include <string>
#include <utility>

#include "weir/base/error.hpp"

namespace weir::retrieval {

inline Error damaged(std::string what) {
  return {ErrorCode::pack_damaged, "The pack is damaged: " + std::move(what) + ".",
          "Fetch it again, or make it anew with `weir index`."};
}

inline Error unsupported(std::string what) {
  return {ErrorCode::pack_unsupported, std::move(what),
          "Make a pack with `weir index` of this version."};
}

}  // namespace weir::retrieval
