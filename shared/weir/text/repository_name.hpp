#pragma once

#include <string>
#include <string_view>

namespace weir::text {

/// Where a repository is at home, and what it is called there.
struct RepositoryName {
  std::string host;   ///< with its port; empty where it is not told
  std::string owner;  ///< may have several parts (groups of groups), or none
  std::string name;

  /// host/owner/name, of what is told.
  std::string whole() const;
};

/// Reads what people and git write: `https://host/owner/name.git`, `git@host:owner/name`,
/// `host/owner/name`, `owner/name`, `name`. What may hold a password, all that stands before the
/// host, and what may hold a token, all behind a `?`, is left out. Of a path on this machine only
/// the name is taken.
RepositoryName read_repository_name(std::string_view text);

/// Whether `repo_url` means the repository that a pack calls `repository`. Letter case does not
/// count. What only one of them tells, a host or an owner, does not either: else it must be the
/// same.
bool names_repository(std::string_view repo_url, std::string_view repository);

}  // namespace weir::text
