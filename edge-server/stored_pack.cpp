#include "stored_pack.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/hash.hpp"
#include "weir/retrieval/pack_error.hpp"

namespace weir::edge {
namespace {

using retrieval::ByteRange;
using retrieval::ByteStore;

Error not_as_written() {
  return retrieval::damaged("its file was cut short, or cannot be read any more");
}

Result<void> bring(const OpenFile& file, const ByteRange& range, ByteStore& store) {
  std::string bytes(static_cast<std::size_t>(range.length), '\0');
  if (!file.read(range.offset, bytes)) return not_as_written();
  store.supply(range.offset, as_bytes(bytes));
  return {};
}

/// Brings what the store wants. Ranges near one another are read at once: a system call costs more
/// than the bytes between them.
Result<void> bring_wanted(const OpenFile& file, ByteStore& store) {
  constexpr std::uint64_t gap_most = 4096;
  ByteRange next;
  for (const ByteRange& range : store.take_wanted()) {
    if (next.length > 0 && range.offset > next.end() + gap_most) {
      if (auto brought = bring(file, next, store); !brought) return brought;
      next = {};
    }
    if (next.length == 0) next = range;
    next.length = std::max(next.end(), range.end()) - next.offset;
  }
  return bring(file, next, store);
}

/// Does `step` until it needs no more of the file.
template <class Step>
auto complete(const OpenFile& file, ByteStore& store, Step step) -> decltype(step()) {
  for (;;) {
    auto done = step();
    if (!done || *done) return done;
    if (auto brought = bring_wanted(file, store); !brought) return brought.error();
  }
}

/// The sums of the sections that are never read whole later on.
Result<void> check_sums(const OpenFile& file, const retrieval::Pack& pack) {
  constexpr std::uint64_t piece_bytes = 1 << 20;
  std::string piece;
  for (const retrieval::SectionEntry& section : pack.sections()) {
    std::uint32_t sum = 0;
    for (std::uint64_t at = 0; at < section.length; at += piece_bytes) {
      piece.resize(static_cast<std::size_t>(std::min(piece_bytes, section.length - at)));
      if (!file.read(section.offset + at, piece)) return not_as_written();
      sum = crc32(as_bytes(piece), sum);
    }
    if (sum == section.crc32) continue;
    return retrieval::damaged("the checksum of section " + std::to_string(section.kind) +
                              " is wrong");
  }
  return {};
}

}  // namespace

StoredPack::StoredPack(std::shared_ptr<const OpenFile> file, std::unique_ptr<ByteStore> store,
                       retrieval::Pack pack)
    : file_(std::move(file)), store_(std::move(store)), pack_(std::move(pack)) {}

Result<StoredPack> StoredPack::open(const std::filesystem::path& path) {
  Result<OpenFile> opened = OpenFile::open(path);
  if (!opened) return opened.error();
  auto file = std::make_shared<const OpenFile>(*std::move(opened));
  auto store = std::make_unique<ByteStore>(ByteStore::of_size(file->size()));
  auto pack = complete(*file, *store, [&] { return retrieval::Pack::open(*store); });
  if (!pack) return pack.error();
  store->forget();
  if (auto sums = check_sums(*file, **pack); !sums) return sums.error();
  return StoredPack(std::move(file), std::move(store), **std::move(pack));
}

Result<prompt::Context> StoredPack::find_context(
    const prompt::ChatRequest& request, const std::vector<retrieval::Query>& queries) const {
  ByteStore store = ByteStore::of_size(file_->size());
  const retrieval::Pack pack = pack_.over(store);
  prompt::ContextSearch search(request, queries, pack);
  const Result<bool> done = complete(*file_, store, [&] { return search.run(); });
  if (!done) return done.error();
  return std::move(search).take();
}

}  // namespace weir::edge
