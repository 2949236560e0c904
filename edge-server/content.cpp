#include "content.hpp"

#include "weir/base/assert.hpp"

namespace weir::edge {

Content Content::part(std::uint64_t offset, std::uint64_t size) const {
  WEIR_ASSERT(offset <= size_ && size <= size_ - offset);
  Content part = *this;
  part.offset_ += offset;
  part.size_ = size;
  return part;
}

bool Content::append(std::string& out, std::uint64_t offset, std::size_t size) const {
  WEIR_ASSERT(offset <= size_ && size <= size_ - offset);
  if (!file_) {
    out += memory_.substr(offset_ + offset, size);
    return true;
  }
  const std::size_t before = out.size();
  out.resize(before + size);
  if (file_->read(offset_ + offset, {out.data() + before, size})) return true;
  out.resize(before);
  return false;
}

}  // namespace weir::edge
