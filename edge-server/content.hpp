#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "open_file.hpp"

namespace weir::edge {

/// What a response sends: bytes in memory, or in an open file, or a part of either. They lie
/// elsewhere and must outlive this.
class Content {
 public:
  Content() = default;
  Content(std::string_view memory) : memory_(memory), size_(memory.size()) {}
  explicit Content(const OpenFile& file) : file_(&file), size_(file.size()) {}

  std::uint64_t size() const { return size_; }

  /// The part must lie within.
  Content part(std::uint64_t offset, std::uint64_t size) const;

  /// Appends so many of the bytes from `offset` on, which must lie within. False, with `out` as it
  /// was: the file is not all there any more.
  bool append(std::string& out, std::uint64_t offset, std::size_t size) const;

 private:
  std::string_view memory_;
  const OpenFile* file_ = nullptr;
  std::uint64_t offset_ = 0;  ///< in memory or file
  std::uint64_t size_ = 0;
};

}  // namespace weir::edge
