#include "index.hpp"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <ostream>

#include "arguments.hpp"
#include "files.hpp"
#include "repository.hpp"
#include "weir/retrieval/default_excludes.hpp"
#include "weir/retrieval/index_builder.hpp"

namespace weir::cli {
namespace {

using retrieval::Admission;
namespace fs = std::filesystem;

/// How many files met each fate.
class Tally {
 public:
  void add(Admission admission) { ++counts_[static_cast<std::size_t>(admission)]; }

  void print(std::ostream& out) const {
    for (std::size_t i = 1; i < counts_.size(); ++i) {
      if (counts_[i] == 0) continue;
      out << "  left out: " << counts_[i] << ' ' << retrieval::reason(static_cast<Admission>(i))
          << '\n';
    }
  }

 private:
  std::array<std::size_t, static_cast<std::size_t>(Admission::generated) + 1> counts_{};
};

/// One line that is written over, for people who watch; nothing where the output is kept.
class Progress {
 public:
  explicit Progress(std::ostream& out) : out_(out), shown_(isatty(STDERR_FILENO) == 1) {}
  ~Progress() {
    if (shown_) out_ << "\r\033[K" << std::flush;
  }
  void at(const retrieval::IndexBuilder& builder) {
    if (!shown_ || builder.files() % 64 != 0) return;
    out_ << '\r' << builder.files() << " files, " << builder.bytes() / 1'000'000 << " MB"
         << std::flush;
  }

 private:
  std::ostream& out_;
  bool shown_;
};

retrieval::IndexOptions options_of(const IndexCommand& command, const fs::path& folder) {
  const GitState git = read_git(folder);
  retrieval::IndexOptions options;
  options.commit = git.commit;
  options.repository = !command.repository.empty() ? command.repository
                       : !git.name.empty()         ? git.name
                                                   : folder.filename().string();
  options.include = command.include;
  options.exclude = command.exclude;
  return options;
}

Admission add_file(retrieval::IndexBuilder& builder, const fs::path& folder,
                   const std::string& path, std::uintmax_t size) {
  const Admission admission = builder.admits(path, size);
  if (admission != Admission::added) return admission;
  const auto content = read_file(folder / path);
  return content ? builder.add(path, *content) : Admission::empty;
}

}  // namespace

int run_index(const IndexCommand& command, std::ostream& errors) {
  std::error_code failed;
  const fs::path folder = fs::canonical(command.folder, failed);
  if (failed || !fs::is_directory(folder)) {
    print(errors, {ErrorCode::not_found, "There is no folder " + command.folder + ".",
                   "Name a repository's folder."});
    return failure;
  }
  retrieval::IndexBuilder builder(options_of(command, folder));
  text::Globs excluded = retrieval::default_excludes();
  for (const std::string& glob : command.exclude) excluded.add(glob);
  Tally tally;
  {
    Progress progress(errors);
    walk(folder, excluded, [&](const std::string& path, std::uintmax_t size) {
      tally.add(add_file(builder, folder, path, size));
      progress.at(builder);
    });
  }
  const std::size_t files = builder.files(), chunks = builder.chunks();
  const std::uint64_t bytes = builder.bytes();
  const auto pack = std::move(builder).finish();
  if (!pack) {
    print(errors, pack.error());
    return failure;
  }
  if (const auto written = write_file(command.output, *pack); !written) {
    print(errors, written.error());
    return failure;
  }
  errors << command.output << ": " << files << " files, " << chunks << " chunks, " << bytes
         << " bytes of text, " << pack->size() << " bytes in all\n";
  tally.print(errors);
  if (files == 0) errors << "weir: No file was taken in. Check the folder and the globs.\n";
  return success;
}

}  // namespace weir::cli
