#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "forges.hpp"
#include "weir/base/result.hpp"
#include "weir/provider/provider.hpp"

namespace weir::edge {

/// A repository's archive as somebody asks for it.
struct ArchiveQuery {
  std::string url;    ///< the repository's address, as people copy it from a page or from git
  std::string ref;    ///< a branch, a tag or a commit; empty: the address's own, or the default
  std::string token;  ///< a secret of the reader's; empty: none
};

/// Whom to ask for it, and how.
struct ArchiveRequest {
  const Forge* forge = nullptr;   ///< of the list that was given
  provider::HttpRequest request;  ///< its answer is a .tar.gz with everything in one folder
  std::string repository;         ///< its name in full, for example "github.com/owner/name"
  bool with_token = false;
};

/// Maps a repository's address to its forge's archive of it. Understood are
/// https://HOST/OWNER/NAME[.git] with what a page's address has behind it (/tree/REF, /-/tree/REF,
/// /src/REF), the same without https://, git@HOST:OWNER/NAME.git and ssh://git@HOST/OWNER/NAME.git.
///
/// The archives' addresses:
///   GitHub     https://docs.github.com/rest/repos/contents#download-a-repository-archive-tar, for
///              which a token is sent; without one the page's own link, whose use is not counted
///              per address as the interface's is
///   GitLab     https://docs.gitlab.com/api/repositories/#get-file-archive
///   Bitbucket  https://bitbucket.org/OWNER/NAME/get/REF.tar.gz, its pages' own link; Data Center:
///              https://developer.atlassian.com/server/bitbucket/rest/, "archive"
///
/// `invalid_request` for what is no such address, or has a password in it; `not_found` where its
/// host is none of the forges.
Result<ArchiveRequest> archive_request(const std::vector<Forge>& forges, const ArchiveQuery& query);

}  // namespace weir::edge
