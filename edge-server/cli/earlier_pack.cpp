#include "earlier_pack.hpp"

#include <random>
#include <utility>

namespace weir::cli {

std::filesystem::path forward_path(const std::filesystem::path& pack) {
  return pack.string() + ".forward";
}

std::unique_ptr<EarlierPack> EarlierPack::open(const std::filesystem::path& path) {
  auto pack = MappedFile::open(path), forward = MappedFile::open(forward_path(path));
  if (!pack || !forward) return nullptr;
  auto index = retrieval::ForwardIndex::open(pack->bytes(), forward->bytes(),
                                             retrieval::WordTable::built_in().checksum());
  if (!index) return nullptr;
  return std::unique_ptr<EarlierPack>(
      new EarlierPack(*std::move(pack), *std::move(forward), *std::move(index)));
}

Id128 random_key() {
  std::random_device source;
  Id128 key;
  for (std::uint8_t& byte : key.bytes) byte = static_cast<std::uint8_t>(source());
  return key;
}

}  // namespace weir::cli
