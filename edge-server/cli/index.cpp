#include "index.hpp"

#include <unistd.h>

#include <filesystem>
#include <ostream>

#include "arguments.hpp"
#include "files.hpp"
#include "repository.hpp"
#include "weir/retrieval/intake.hpp"

namespace weir::cli {
namespace {

using retrieval::Admission;
namespace fs = std::filesystem;

/// What met each fate, and with `paths` whose it was.
void print_report(std::ostream& out, const retrieval::IntakeReport& report, bool paths) {
  for (std::size_t i = 1; i < retrieval::admission_count; ++i) {
    const auto admission = static_cast<Admission>(i);
    const retrieval::IntakeReport::Fate& fate = report.of(admission);
    if (fate.files == 0) continue;
    out << (retrieval::is_in(admission) ? "  taken in: " : "  left out: ") << fate.files << ' '
        << retrieval::reason(admission) << '\n';
    if (!paths) continue;
    for (const std::string& path : fate.paths) out << "    " << path << '\n';
    if (fate.paths.size() < fate.files) {
      out << "    and " << fate.files - fate.paths.size() << " more\n";
    }
  }
}

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

}  // namespace

int run_index(const IndexCommand& command, std::ostream& errors) {
  std::error_code failed;
  const fs::path folder = fs::canonical(command.folder, failed);
  if (failed || !fs::is_directory(folder)) {
    print(errors, {ErrorCode::not_found, "There is no folder " + command.folder + ".",
                   "Name a repository's folder."});
    return failure;
  }
  retrieval::Intake intake(options_of(command, folder));
  {
    Progress progress(errors);
    take_in(folder, intake, [&] { progress.at(intake.builder()); });
  }
  const std::size_t files = intake.builder().files(), chunks = intake.builder().chunks();
  const std::uint64_t bytes = intake.builder().bytes();
  NewFile file(command.output);
  std::uint64_t size = 0;
  const auto head = std::move(intake).finish([&](Bytes part) {
    size += part.size();
    return file.write(part);
  });
  const Result<void> written = head ? file.commit(*head) : head.error();
  if (!written) {
    print(errors, written.error());
    return failure;
  }
  errors << command.output << ": " << files << " files, " << chunks << " chunks, " << bytes
         << " bytes of text, " << size << " bytes in all\n";
  print_report(errors, intake.report(), command.report);
  if (files == 0) errors << "weir: No file was taken in. Check the folder and the globs.\n";
  return success;
}

}  // namespace weir::cli
