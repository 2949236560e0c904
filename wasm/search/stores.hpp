#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "engine/boundary.hpp"
#include "engine/json_values.hpp"
#include "weir/retrieval/byte_store.hpp"

namespace weir::boundary {

/// A file that the host has, wholly or by ranges, and what keeps its memory alive.
struct Store {
  std::shared_ptr<const void> owner;
  retrieval::ByteStore bytes;
};

std::uint32_t open_store(std::shared_ptr<Store> store);
/// Null where there is none.
std::shared_ptr<Store> find_store(std::uint32_t handle);

/// {"wanted": [{"store": handle, "ranges": [[offset, length], ...]}]}: to be brought by
/// weir_store_supply(), upon which the call is made again.
json::Value take_wanted();

/// Gives {"value": what `to_json` makes of it}, or what is wanted for that, or the error.
template <class T, class ToJson>
void give_read(retrieval::Read<T> read, ToJson&& to_json) {
  if (!read) return fail(read.error());
  if (!*read) return give(take_wanted());
  give(json::Value{{"value", to_json(**std::move(read))}});
}

}  // namespace weir::boundary
