#include "weir/retrieval/pack_writer.hpp"

#include <algorithm>

#include "weir/base/assert.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/hash.hpp"

namespace weir::retrieval {

PackWriter::PackWriter(std::size_t section_count)
    : section_count_(section_count),
      out_(format::header_bytes + section_count * format::section_bytes) {}

void PackWriter::begin(format::Section kind) {
  sections_.push_back({kind, out_.size()});
}

std::vector<std::uint8_t> PackWriter::finish() && {
  WEIR_ASSERT(sections_.size() == section_count_);
  std::vector<std::uint8_t> table;
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    const std::size_t begin = sections_[i].begin;
    const std::size_t end = i + 1 < sections_.size() ? sections_[i + 1].begin : out_.size();
    store_little_endian(table, static_cast<std::uint32_t>(sections_[i].kind));
    store_little_endian(table, crc32(Bytes(out_).subspan(begin, end - begin)));
    store_little_endian(table, static_cast<std::uint64_t>(begin));
    store_little_endian(table, static_cast<std::uint64_t>(end - begin));
  }
  std::vector<std::uint8_t> header(format::magic.begin(), format::magic.end());
  store_little_endian(header, format::version);
  store_little_endian(header, static_cast<std::uint32_t>(sections_.size()));
  store_little_endian(header, static_cast<std::uint64_t>(out_.size()));
  store_little_endian(header, std::uint32_t{0});
  store_little_endian(header, crc32(table, crc32(header)));
  std::copy(header.begin(), header.end(), out_.begin());
  std::copy(table.begin(), table.end(),
            out_.begin() + static_cast<std::ptrdiff_t>(format::header_bytes));
  return std::move(out_);
}

}  // namespace weir::retrieval
