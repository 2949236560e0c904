#include "weir/retrieval/byte_store.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/assert.hpp"

namespace weir::retrieval {

ByteStore ByteStore::of_size(std::uint64_t size) {
  ByteStore store;
  store.size_ = size;
  return store;
}

std::optional<Bytes> ByteStore::read(ByteRange range) const {
  WEIR_ASSERT(range.offset <= size_ && range.length <= size_ - range.offset);
  if (is_whole_) {
    return whole_.subspan(static_cast<std::size_t>(range.offset),
                          static_cast<std::size_t>(range.length));
  }
  if (range.length == 0) return Bytes{};
  auto piece = pieces_.upper_bound(range.offset);
  if (piece != pieces_.begin()) {
    --piece;
    const std::uint64_t skipped = range.offset - piece->first;
    if (skipped <= piece->second.size() && range.length <= piece->second.size() - skipped) {
      return Bytes(piece->second)
          .subspan(static_cast<std::size_t>(skipped), static_cast<std::size_t>(range.length));
    }
  }
  wanted_.push_back(range);
  return std::nullopt;
}

std::vector<ByteRange> ByteStore::take_wanted() {
  std::vector<ByteRange> wanted = std::exchange(wanted_, {});
  std::sort(wanted.begin(), wanted.end(), [](const ByteRange& a, const ByteRange& b) {
    return a.offset != b.offset ? a.offset < b.offset : a.length < b.length;
  });
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  return wanted;
}

void ByteStore::supply(std::uint64_t offset, Bytes bytes) {
  if (is_whole_ || offset >= size_ || bytes.empty()) return;
  bytes =
      bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), size_ - offset)));
  std::uint64_t begin = offset, end = offset + bytes.size();
  // Those that the new piece touches become one with it.
  auto first = pieces_.upper_bound(begin);
  if (first != pieces_.begin() &&
      std::prev(first)->first + std::prev(first)->second.size() >= begin)
    --first;
  auto last = first;
  for (; last != pieces_.end() && last->first <= end; ++last) {
    begin = std::min(begin, last->first);
    end = std::max<std::uint64_t>(end, last->first + last->second.size());
  }
  std::vector<std::uint8_t> joined(static_cast<std::size_t>(end - begin));
  for (auto piece = first; piece != last; ++piece) {
    std::copy(piece->second.begin(), piece->second.end(),
              joined.begin() + static_cast<std::ptrdiff_t>(piece->first - begin));
    held_ -= piece->second.size();
  }
  std::copy(bytes.begin(), bytes.end(),
            joined.begin() + static_cast<std::ptrdiff_t>(offset - begin));
  pieces_.erase(first, last);
  held_ += joined.size();
  pieces_.emplace(begin, std::move(joined));
}

void ByteStore::forget() {
  pieces_.clear();
  held_ = 0;
}

}  // namespace weir::retrieval
