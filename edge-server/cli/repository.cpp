#include "repository.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <system_error>
#include <utility>
#include <vector>

#include "crew.hpp"
#include "files.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using retrieval::Admission;

/// A thread works on no file that is further ahead of what has been taken in.
constexpr std::size_t files_ahead = 32;

/// The time that a file system tells may be so much coarser, or behind, than the clock.
constexpr std::int64_t settled_seconds = 2;

/// With the same one a file has the same content: git's rule. What changed so short a time ago that
/// it could change again within the same tick has none.
std::uint64_t stamp_of(const struct stat& status, const Id128& key, std::time_t now) {
  const std::time_t latest = std::max(status.st_mtim.tv_sec, status.st_ctim.tv_sec);
  if (latest >= now - settled_seconds) return 0;
  std::vector<std::uint8_t> told;
  for (const auto number :
       {static_cast<std::uint64_t>(status.st_size),
        static_cast<std::uint64_t>(status.st_mtim.tv_sec),
        static_cast<std::uint64_t>(status.st_mtim.tv_nsec),
        static_cast<std::uint64_t>(status.st_ctim.tv_sec),
        static_cast<std::uint64_t>(status.st_ctim.tv_nsec),
        static_cast<std::uint64_t>(status.st_ino), static_cast<std::uint64_t>(status.st_dev)}) {
    store_little_endian(told, number);
  }
  return siphash(key, told).low;
}

class Walk {
 public:
  Walk(const fs::path& root, retrieval::Intake& intake, const std::optional<Id128>& key)
      : root_(root), intake_(intake), key_(key) {}

  void folder(const std::string& relative) {
    read_gitignore(relative);
    std::error_code failed;
    std::vector<std::string> names;
    for (fs::directory_iterator it(root_ / relative, failed), end; !failed && it != end;
         it.increment(failed)) {
      names.push_back(it->path().filename().string());
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) visit(relative.empty() ? name : relative + "/" + name);
  }

  std::vector<FoundFile> found() && { return std::move(found_); }

 private:
  void visit(const std::string& path) {
    struct stat status {};
    const bool known = ::lstat((root_ / path).c_str(), &status) == 0;
    if (known && S_ISDIR(status.st_mode)) {
      if (intake_.enters(path)) folder(path);
    } else if (known && S_ISREG(status.st_mode)) {
      const auto size = static_cast<std::uint64_t>(status.st_size);
      if (intake_.admits(path, size))
        found_.push_back({path, size, key_ ? stamp_of(status, *key_, now_) : 0});
    } else {
      intake_.leave_out(path, 0, known ? Admission::link : Admission::unreadable);
    }
  }

  void read_gitignore(const std::string& relative) {
    const fs::path path = root_ / relative / ".gitignore";
    std::error_code failed;
    if (!fs::is_regular_file(fs::symlink_status(path, failed)) ||
        fs::file_size(path, failed) > limits::Pack().gitignore_bytes)
      return;
    if (const auto rules = read_file(path)) intake_.ignore(relative, as_text(*rules));
  }

  const fs::path& root_;
  retrieval::Intake& intake_;
  const std::optional<Id128> key_;
  const std::time_t now_ = std::time(nullptr);
  std::vector<FoundFile> found_;
};

}  // namespace

std::vector<FoundFile> find_files(const fs::path& root, retrieval::Intake& intake,
                                  const std::optional<Id128>& key) {
  Walk walk(root, intake, key);
  walk.folder("");
  return std::move(walk).found();
}

void take_in(const fs::path& root, const std::vector<FoundFile>& files, retrieval::Intake& intake,
             std::size_t threads, const std::function<void()>& taken) {
  std::vector<retrieval::FileAnalyst*> analysts;
  for (std::size_t i = 0; i < threads; ++i) analysts.push_back(&intake.new_analyst());
  const auto analyse = [&](std::size_t i, std::size_t thread) {
    const auto& [path, bytes, stamp] = files[i];
    retrieval::FileAnalyst& analyst = *analysts[thread];
    if (auto unchanged = analyst.unchanged(path, stamp)) return unchanged;
    const auto content = read_file(root / path);
    return content ? std::optional(analyst.analyse(path, *content, stamp))
                   : std::optional<retrieval::AnalysedFile>();
  };
  InOrder<std::optional<retrieval::AnalysedFile>>(files.size(), files_ahead * threads)
      .run(threads, analyse, [&](std::size_t i, std::optional<retrieval::AnalysedFile> analysed) {
        if (analysed) {
          intake.add(*std::move(analysed), files[i].bytes);
        } else {
          intake.leave_out(files[i].path, files[i].bytes, Admission::unreadable);
        }
        taken();
      });
}

}  // namespace weir::cli
