#pragma once

#include <memory>
#include <utility>

#include "weir/base/assert.hpp"
#include "weir/retrieval/byte_store.hpp"
#include "weir/retrieval/pack.hpp"

namespace weir::retrieval {

/// A pack all of whose bytes are here: nothing that is read of it is ever wanted.
class WholePack {
 public:
  /// The bytes must outlive the pack. Errors as of Pack::open().
  static Result<WholePack> open(Bytes bytes, const limits::Pack& limits = {}) {
    auto store = std::make_unique<const ByteStore>(bytes);
    Read<Pack> pack = Pack::open(*store, limits);
    if (!pack) return pack.error();
    WEIR_ASSERT(*pack);
    return WholePack(std::move(store), **std::move(pack));
  }

  const Pack& operator*() const { return pack_; }
  const Pack* operator->() const { return &pack_; }

 private:
  WholePack(std::unique_ptr<const ByteStore> store, Pack pack)
      : store_(std::move(store)), pack_(std::move(pack)) {}

  std::unique_ptr<const ByteStore> store_;
  Pack pack_;
};

}  // namespace weir::retrieval
