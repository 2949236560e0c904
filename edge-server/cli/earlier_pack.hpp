#pragma once

#include <filesystem>
#include <memory>

#include "mapped_file.hpp"
#include "weir/base/id128.hpp"
#include "weir/retrieval/forward_index.hpp"

namespace weir::cli {

/// Where the forward index of a pack lies.
std::filesystem::path forward_path(const std::filesystem::path& pack);

/// The pack that is to be refreshed, with its forward index.
class EarlierPack {
 public:
  /// Null where there is none, or none that can be used: then all is indexed afresh.
  static std::unique_ptr<EarlierPack> open(const std::filesystem::path& pack);

  const retrieval::ForwardIndex& index() const { return index_; }

 private:
  EarlierPack(MappedFile pack, MappedFile forward, retrieval::ForwardIndex index)
      : pack_(std::move(pack)), forward_(std::move(forward)), index_(std::move(index)) {}

  MappedFile pack_, forward_;
  retrieval::ForwardIndex index_;
};

/// 128 bits from the system's secure source.
Id128 random_key();

}  // namespace weir::cli
