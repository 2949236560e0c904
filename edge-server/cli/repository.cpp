#include "repository.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "files.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using retrieval::Admission;

std::string first_line(const fs::path& path) {
  std::ifstream stream(path);
  std::string line;
  std::getline(stream, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  return line;
}

bool is_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// A worktree's .git is a file that names the folder; what worktrees share lies elsewhere again.
fs::path git_folder(const fs::path& folder) {
  const fs::path git = folder / ".git";
  std::error_code ignored;
  if (!fs::is_regular_file(git, ignored)) return git;
  const std::string line = first_line(git);
  return line.starts_with("gitdir: ") ? folder / line.substr(8) : git;
}

fs::path shared_git_folder(const fs::path& git) {
  const std::string common = first_line(git / "commondir");
  return common.empty() ? git : git / common;
}

std::string packed_commit(const fs::path& git, const std::string& reference) {
  std::ifstream stream(git / "packed-refs");
  for (std::string line; std::getline(stream, line);) {
    if (line.ends_with(" " + reference)) return line.substr(0, line.find(' '));
  }
  return {};
}

std::string head_commit(const fs::path& git) {
  const std::string head = first_line(git / "HEAD");
  if (!head.starts_with("ref: ")) return is_commit(head) ? head : std::string();
  const std::string reference = head.substr(5);
  if (reference.find("..") != std::string::npos) return {};
  for (const fs::path& folder : {git, shared_git_folder(git)}) {
    const std::string commit = first_line(folder / reference);
    if (is_commit(commit)) return commit;
  }
  const std::string commit = packed_commit(shared_git_folder(git), reference);
  return is_commit(commit) ? commit : std::string();
}

/// `https://host/owner/name.git` and `git@host:owner/name.git` -> owner/name. What may hold a
/// password, the part before the host, never gets through.
std::string name_of_address(std::string address) {
  if (address.ends_with(".git")) address.resize(address.size() - 4);
  const std::size_t last = address.rfind('/');
  if (last == std::string::npos || last == 0) return {};
  const std::size_t before = address.find_last_of("/:@", last - 1);
  return before == std::string::npos ? std::string() : address.substr(before + 1);
}

std::string origin_name(const fs::path& git) {
  std::ifstream stream(git / "config");
  bool in_origin = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with('[')) in_origin = line.starts_with("[remote \"origin\"]");
    const std::size_t url = line.find("url = ");
    if (in_origin && url != std::string::npos) return name_of_address(line.substr(url + 6));
  }
  return {};
}

class Walk {
 public:
  Walk(const fs::path& root, retrieval::Intake& intake, const std::function<void()>& visited)
      : root_(root), intake_(intake), visited_(visited) {}

  void folder(const std::string& relative) {
    read_gitignore(relative);
    std::error_code failed;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator it(root_ / relative, failed), end; !failed && it != end;
         it.increment(failed)) {
      entries.push_back(*it);
    }
    std::sort(entries.begin(), entries.end());
    for (const fs::directory_entry& entry : entries) visit(relative, entry);
  }

 private:
  void visit(const std::string& relative, const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    const std::string path = relative.empty() ? name : relative + "/" + name;
    std::error_code failed;
    const fs::file_status status = entry.symlink_status(failed);
    if (fs::is_directory(status)) {
      if (intake_.enters(path)) folder(path);
    } else if (fs::is_regular_file(status)) {
      file(path, entry.file_size(failed), entry.path());
    } else {
      intake_.leave_out(path, 0, failed ? Admission::unreadable : Admission::link);
    }
  }

  void file(const std::string& path, std::uintmax_t size, const fs::path& where) {
    if (!intake_.admits(path, size)) return;
    const auto content = read_file(where);
    if (content) {
      intake_.add(path, *content);
    } else {
      intake_.leave_out(path, size, Admission::unreadable);
    }
    visited_();
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
  const std::function<void()>& visited_;
};

}  // namespace

GitState read_git(const fs::path& folder) {
  const fs::path git = git_folder(folder);
  return {head_commit(git), origin_name(shared_git_folder(git))};
}

void take_in(const fs::path& root, retrieval::Intake& intake,
             const std::function<void()>& visited) {
  Walk(root, intake, visited).folder("");
}

}  // namespace weir::cli
