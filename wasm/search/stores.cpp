#include "search/stores.hpp"

namespace weir::boundary {
namespace {

Handles<std::shared_ptr<Store>> stores;

}  // namespace

std::uint32_t open_store(std::shared_ptr<Store> store) {
  return stores.open(std::make_unique<std::shared_ptr<Store>>(std::move(store)));
}

std::shared_ptr<Store> find_store(std::uint32_t handle) {
  const auto* found = stores.find(handle);
  return found ? *found : nullptr;
}

json::Value take_wanted() {
  json::Value wanted = json::Value::array();
  for (const auto& [handle, store] : stores.all()) {
    json::Value ranges = json::Value::array();
    for (const retrieval::ByteRange& range : (*store)->bytes.take_wanted())
      ranges.push_back(json::Value::array({range.offset, range.length}));
    if (!ranges.empty()) wanted.push_back({{"store", handle}, {"ranges", std::move(ranges)}});
  }
  return {{"wanted", std::move(wanted)}};
}

}  // namespace weir::boundary

using namespace weir::boundary;

/// A file that is wholly here: takes the allocation over. -> its handle.
WEIR_EXPORT std::uint32_t weir_store_of(std::uint8_t* pointer, std::uint32_t size) {
  const weir::retrieval::ByteStore bytes(bytes_of(pointer, size));
  return open_store(
      std::make_shared<Store>(Store{std::shared_ptr<const void>(pointer, std::free), bytes}));
}

/// A file of `size` bytes, none of which are here. Sizes and offsets are doubles, as the host's
/// numbers are.
WEIR_EXPORT std::uint32_t weir_store_open(double size) {
  WEIR_ASSERT(size >= 0);
  return open_store(std::make_shared<Store>(
      Store{nullptr, weir::retrieval::ByteStore::of_size(static_cast<std::uint64_t>(size))}));
}

/// Brings bytes of it. Copies them.
WEIR_EXPORT void weir_store_supply(std::uint32_t store, double offset, const std::uint8_t* bytes,
                                   std::uint32_t size) {
  const auto found = find_store(store);
  if (!found) return fail(no_such_handle("store"));
  found->bytes.supply(static_cast<std::uint64_t>(offset), bytes_of(bytes, size));
  give(std::string());
}

/// Lets go of all that was brought; what is wanted again is brought again. -> how much it was.
WEIR_EXPORT double weir_store_forget(std::uint32_t store, double more_than) {
  const auto found = find_store(store);
  if (!found || static_cast<double>(found->bytes.held()) <= more_than) return 0;
  const auto held = static_cast<double>(found->bytes.held());
  found->bytes.forget();
  return held;
}

/// Packs that are open keep theirs.
WEIR_EXPORT void weir_store_close(std::uint32_t store) {
  stores.take(store);
}
