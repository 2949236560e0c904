#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "weir/base/bytes.hpp"

namespace weir::cli {

/// A file's bytes, mapped for as long as this lives. They stay when another file is put in its
/// place; who writes into the file itself changes them.
class MappedFile {
 public:
  /// Nothing where there is no such file, or an empty one.
  static std::optional<MappedFile> open(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    struct stat status {};
    const bool known = ::fstat(descriptor, &status) == 0 && status.st_size > 0;
    const auto size = static_cast<std::size_t>(known ? status.st_size : 0);
    void* const address =
        known ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : MAP_FAILED;
    ::close(descriptor);
    if (address == MAP_FAILED) return std::nullopt;
    return MappedFile(address, size);
  }

  MappedFile(MappedFile&& other) noexcept
      : address_(std::exchange(other.address_, nullptr)), size_(other.size_) {}
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile() {
    if (address_ != nullptr) ::munmap(address_, size_);
  }

  Bytes bytes() const { return {static_cast<const std::uint8_t*>(address_), size_}; }

 private:
  MappedFile(void* address, std::size_t size) : address_(address), size_(size) {}

  void* address_;
  std::size_t size_;
};

}  // namespace weir::cli
