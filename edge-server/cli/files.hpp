#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
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

/// Writes beside the target first, then renames: whoever reads sees the old file or the new one.
inline Result<void> write_file(const std::filesystem::path& path, Bytes bytes) {
  const std::filesystem::path beside = path.string() + ".part";
  std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  stream.close();
  std::error_code failed;
  if (stream) std::filesystem::rename(beside, path, failed);
  if (!stream || failed) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    return Error{ErrorCode::internal, "Cannot write " + path.string() + ".",
                 "Check that its folder is there and has room."};
  }
  return {};
}

}  // namespace weir::cli
