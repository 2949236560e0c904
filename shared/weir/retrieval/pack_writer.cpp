#include "weir/retrieval/pack_writer.hpp"

#include <utility>

#include "weir/base/assert.hpp"
#include "weir/base/hash.hpp"

namespace weir::retrieval {

PackWriter::PackWriter(PackSink sink, std::size_t section_count)
    : sink_(std::move(sink)), section_count_(section_count) {
  const std::vector<std::uint8_t> zeros(format::header_bytes +
                                        section_count * format::section_bytes);
  ok_ = sink_(zeros);
  size_ = zeros.size();
}

void PackWriter::begin(format::Section kind) {
  sections_.push_back({kind, size_, 0});
}

void PackWriter::write(Bytes bytes) {
  WEIR_ASSERT(!sections_.empty());
  if (bytes.empty() || !ok_) return;
  ok_ = sink_(bytes);
  sections_.back().crc32 = crc32(bytes, sections_.back().crc32);
  size_ += bytes.size();
}

Result<std::vector<std::uint8_t>> PackWriter::finish() && {
  WEIR_ASSERT(sections_.size() == section_count_);
  if (!ok_) {
    return Error{ErrorCode::internal, "The pack could not be written.",
                 "Check that there is room where it is to lie."};
  }
  std::vector<std::uint8_t> table;
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    const Section& section = sections_[i];
    const std::uint64_t end = i + 1 < sections_.size() ? sections_[i + 1].begin : size_;
    store_little_endian(table, static_cast<std::uint32_t>(section.kind));
    store_little_endian(table, section.crc32);
    store_little_endian(table, section.begin);
    store_little_endian(table, end - section.begin);
  }
  std::vector<std::uint8_t> head(format::magic.begin(), format::magic.end());
  store_little_endian(head, format::version);
  store_little_endian(head, static_cast<std::uint32_t>(sections_.size()));
  store_little_endian(head, size_);
  store_little_endian(head, std::uint32_t{0});
  store_little_endian(head, crc32(table, crc32(head)));
  head.insert(head.end(), table.begin(), table.end());
  return head;
}

}  // namespace weir::retrieval
