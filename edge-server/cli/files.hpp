#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"

namespace weir::cli {

inline Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  std::ifstream stream(path, std::ios::binary);
  if (failed || !stream) {
    return Error{ErrorCode::not_found, "Cannot read " + path.string() + ".",
                 "Check the path and its permissions."};
  }
  std::vector<std::uint8_t> bytes(size);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

/// A file that is written beside its place and then put there: whoever reads sees the old one or
/// the new one. Gone again, where it is not committed.
class NewFile {
 public:
  explicit NewFile(std::filesystem::path path)
      : path_(std::move(path)),
        beside_(path_.string() + ".part"),
        stream_(beside_, std::ios::binary | std::ios::trunc) {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    stream_.close();
    std::error_code ignored;
    if (!committed_) std::filesystem::remove(beside_, ignored);
  }

  bool write(Bytes bytes) {
    stream_.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
    return stream_.good();
  }

  /// Writes over the beginning and puts the file in its place.
  Result<void> commit(Bytes head) {
    stream_.seekp(0);
    write(head);
    stream_.close();
    std::error_code failed;
    if (stream_) std::filesystem::rename(beside_, path_, failed);
    committed_ = stream_ && !failed;
    if (committed_) return {};
    return Error{ErrorCode::internal, "Cannot write " + path_.string() + ".",
                 "Check that its folder is there and has room."};
  }

 private:
  std::filesystem::path path_, beside_;
  std::ofstream stream_;
  bool committed_ = false;
};

}  // namespace weir::cli
