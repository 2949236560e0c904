#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "search/stores.hpp"
#include "weir/retrieval/pack.hpp"

namespace weir::boundary {

/// A pack together with the bytes that it reads in place.
struct OpenPack {
  std::shared_ptr<Store> store;
  retrieval::Pack pack;
};

/// Null where there is none.
std::shared_ptr<OpenPack> find_pack(std::uint32_t handle);

/// Opens what lies in the store; gives {"value": {"pack": handle, "info": PackInfo}}, or what is
/// wanted.
void open_pack(std::shared_ptr<Store> store);

}  // namespace weir::boundary
