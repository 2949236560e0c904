#include "git_checkout.hpp"

#include <fstream>
#include <string_view>
#include <system_error>

#include "weir/text/repository_name.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

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

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const std::size_t begin = text.find_first_not_of(blank);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

/// The address of the remote `origin` (https://git-scm.com/docs/git-config#_syntax).
std::string origin_address(const fs::path& git) {
  std::ifstream stream(git / "config");
  bool in_origin = false;
  for (std::string text; std::getline(stream, text);) {
    const std::string_view line = trimmed(text);
    if (line.starts_with('[')) in_origin = line.starts_with("[remote \"origin\"]");
    const std::size_t equals = line.find('=');
    if (!in_origin || equals == line.npos || trimmed(line.substr(0, equals)) != "url") continue;
    std::string_view address = trimmed(line.substr(equals + 1));
    if (address.size() >= 2 && address.starts_with('"') && address.ends_with('"'))
      address = address.substr(1, address.size() - 2);
    return std::string(address);
  }
  return {};
}

}  // namespace

GitState read_git(const fs::path& folder) {
  const fs::path git = git_folder(folder);
  const std::string address = origin_address(shared_git_folder(git));
  return {head_commit(git), text::read_repository_name(address).whole()};
}

}  // namespace weir::cli
