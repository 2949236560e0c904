#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "open_file.hpp"

namespace weir::edge {

/// What a response sends: bytes in memory, which must outlive this, or in an open file, which stays
/// open for as long; or a part of either.
class Content {
 public:
  Content() = default;
  Content(std::string_view memory) : memory_(memory), size_(memory.size()) {}
  explicit Content(std::shared_ptr<const OpenFile> file)
      : file_(std::move(file)), size_(file_->size()) {}

  std::uint64_t size() const { return size_; }

  /// The part must lie within.
  Content part(std::uint64_t offset, std::uint64_t size) const;

  /// Appends so many of the bytes from `offset` on, which must lie within. False, with `out` as it
  /// was: the file is not all there any more.
  bool append(std::string& out, std::uint64_t offset, std::size_t size) const;

 private:
  std::string_view memory_;
  std::shared_ptr<const OpenFile> file_;
  std::uint64_t offset_ = 0;  ///< in memory or file
  std::uint64_t size_ = 0;
};

}  // namespace weir::edge
