#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "weir/base/result.hpp"

namespace weir::edge {

/// A file that is open for reading as long as this lives, whatever becomes of its name. It is read
/// anew each time, not mapped: where somebody cuts it short, a read fails, where touching a mapping
/// would end the process (SIGBUS). Any thread may read.
class OpenFile {
 public:
  static Result<OpenFile> open(const std::filesystem::path& path);
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();

  /// In bytes, when it was opened.
  std::uint64_t size() const { return size_; }

  /// Fills `into` with what stands at `offset`. False: it is not all there, or cannot be read.
  bool read(std::uint64_t offset, std::span<char> into) const;

 private:
  OpenFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}

  int descriptor_;
  std::uint64_t size_;
};

}  // namespace weir::edge
