#include "index.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <ostream>
#include <vector>

#include "arguments.hpp"
#include "crew.hpp"
#include "earlier_pack.hpp"
#include "files.hpp"
#include "git_checkout.hpp"
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

/// https://reproducible-builds.org/specs/source-date-epoch/
std::uint64_t time_of_environment() {
  const char* const told = std::getenv("SOURCE_DATE_EPOCH");
  return told ? std::strtoull(told, nullptr, 10) : 0;
}

retrieval::IndexOptions options_of(const IndexCommand& command, const fs::path& folder) {
  const GitState git = read_git(folder);
  retrieval::IndexOptions options;
  options.commit = !command.commit.empty() ? command.commit : git.commit;
  options.time = command.time > 0 ? command.time : time_of_environment();
  options.repository = !command.repository.empty() ? command.repository
                       : !git.repository.empty()   ? git.repository
                                                   : folder.filename().string();
  options.include = command.include;
  options.exclude = command.exclude;
  return options;
}

/// Puts the pack in its place, and then what it can be refreshed from; how large the pack is.
Result<std::uint64_t> write(retrieval::Intake& intake, const IndexCommand& command,
                            std::size_t threads) {
  NewFile pack(command.output);
  std::uint64_t size = 0;
  const auto head = intake.write(
      [&](Bytes part) {
        size += part.size();
        return pack.write(part);
      },
      crew_of(threads));
  if (!head) return head.error();
  const fs::path forward = forward_path(command.output);
  if (!command.forward) {
    std::error_code ignored;
    fs::remove(forward, ignored);
    const Result<void> placed = pack.commit(*head);
    return placed ? Result<std::uint64_t>(size) : placed.error();
  }
  NewFile beside(forward);
  const auto beginning =
      intake.write_forward(*head, [&](Bytes part) { return beside.write(part); });
  if (!beginning) return beginning.error();
  // Between the two they do not belong together, which is told when they are opened.
  for (const Result<void>& placed : {pack.commit(*head), beside.commit(*beginning)}) {
    if (!placed) return placed.error();
  }
  return size;
}

}  // namespace

int run_index(const IndexCommand& command, std::istream& input, std::ostream& errors) {
  std::error_code failed;
  const fs::path folder = fs::canonical(command.folder, failed);
  if (failed || !fs::is_directory(folder)) {
    print(errors, {ErrorCode::not_found, "There is no folder " + command.folder + ".",
                   "Name a repository's folder."});
    return failure;
  }
  std::optional<PackEmbedding> embedding;
  if (!command.embed.model.empty()) {
    auto prepared = PackEmbedding::prepare(command.embed, command.output, errors);
    if (!prepared) {
      print(errors, prepared.error());
      return failure;
    }
    embedding.emplace(*std::move(prepared));
  }
  const std::size_t threads = command.threads > 0 ? command.threads : threads_of_machine();
  const auto earlier = command.forward ? EarlierPack::open(command.output) : nullptr;
  const auto key = earlier           ? std::optional(earlier->index().key())
                   : command.forward ? std::optional(random_key())
                                     : std::nullopt;
  retrieval::Intake intake(options_of(command, folder));
  if (earlier) {
    intake.refresh(earlier->index());
  } else if (key) {
    intake.track(*key);
  }
  {
    Progress progress(errors);
    const std::vector<FoundFile> found = find_files(folder, intake, key);
    take_in(folder, found, intake, threads, [&] { progress.at(intake.builder()); });
  }
  if (embedding) {
    const auto embedded = embedding->run(intake, input, errors);
    if (!embedded) {
      print(errors, embedded.error());
      return failure;
    }
    if (*embedded == PackEmbedding::Outcome::not_agreed) return not_agreed;
  }
  const std::size_t files = intake.builder().files(), chunks = intake.builder().chunks();
  const std::uint64_t bytes = intake.builder().bytes();
  const Result<std::uint64_t> size = write(intake, command, threads);
  if (!size) {
    print(errors, size.error());
    return failure;
  }
  if (embedding) embedding->finish();
  errors << command.output << ": " << files << " files, " << chunks << " chunks, " << bytes
         << " bytes of text, " << *size << " bytes in all\n";
  print_report(errors, intake.report(), command.report);
  if (files == 0) errors << "weir: No file was taken in. Check the folder and the globs.\n";
  return success;
}

}  // namespace weir::cli
