#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/id128.hpp"
#include "weir/retrieval/intake.hpp"

namespace weir::cli {

/// A file that was admitted.
struct FoundFile {
  std::string path;  ///< below the root
  std::uint64_t bytes = 0;
  std::uint64_t stamp = 0;  ///< as in retrieval::Origin
};

/// Offers `intake` every file beneath `root` by its name and size, in the order of the names, with
/// each folder's .gitignore first. Follows no symbolic link, so that it never leaves the folder;
/// unreadable folders are passed over. With `key` stamps are made, where there is one.
std::vector<FoundFile> find_files(const std::filesystem::path& root, retrieval::Intake& intake,
                                  const std::optional<Id128>& key);

/// Reads the files and takes them in, in their order, working on as many threads. `taken` is called
/// after each.
void take_in(const std::filesystem::path& root, const std::vector<FoundFile>& files,
             retrieval::Intake& intake, std::size_t threads, const std::function<void()>& taken);

}  // namespace weir::cli
