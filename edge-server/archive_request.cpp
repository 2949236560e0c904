#include "archive_request.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "weir/provider/url.hpp"
#include "weir/text/ascii.hpp"

namespace weir::edge {
namespace {

constexpr std::size_t url_bytes_most = 2048;
constexpr std::size_t ref_bytes_most = 256;
constexpr std::size_t token_bytes_most = 1024;

struct Place {
  std::string host;                ///< with a port, where there is one
  std::vector<std::string> parts;  ///< of the path
};

Error not_an_address() {
  return {ErrorCode::invalid_request, "This is not the address of a repository.",
          "Write it as https://github.com/owner/name."};
}

bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

bool is_plain(std::string_view text, std::string_view marks) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const char lower = text::to_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || is_one_of(c, marks);
  });
}

/// Parts of a path are names: nothing in them leads elsewhere.
bool is_name(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && is_plain(text, "-._~");
}

/// What git allows in a reference, but for signs that have a meaning in an address.
bool is_ref(std::string_view text) {
  return text.size() <= ref_bytes_most && text.find("..") == std::string_view::npos &&
         !text.starts_with('/') && !text.starts_with('-') && is_plain(text, "-._/+@");
}

bool is_token(std::string_view text) {
  return text.size() <= token_bytes_most &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

/// Everything but the path's beginning is cut off; nothing where there is a user besides git's.
std::optional<Place> split(std::string_view url) {
  bool scp_like = false;
  if (url.starts_with("https://") || url.starts_with("http://") || url.starts_with("ssh://")) {
    url.remove_prefix(url.find("//") + 2);
  } else {
    scp_like = url.starts_with("git@");
  }
  if (url.starts_with("git@")) url.remove_prefix(4);
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t end = url.find_first_of(scp_like ? "/:" : "/");
  if (end == std::string_view::npos) return std::nullopt;
  Place place{text::to_lower(url.substr(0, end)), {}};
  if (!is_plain(place.host, "-.:[]") || place.host.find('.') == 0) return std::nullopt;
  for (url.remove_prefix(end + 1); !url.empty();) {
    const std::string_view part = url.substr(0, url.find('/'));
    if (!part.empty()) place.parts.emplace_back(part);
    url.remove_prefix(std::min(url.size(), part.size() + 1));
  }
  return place;
}

/// A repository's names, and the reference that a page's address goes on with.
struct Repository {
  std::vector<std::string> names;  ///< its owners, outermost first, and its own
  std::string ref;
};

std::optional<Repository> repository_of(const Place& place, ForgeKind kind) {
  std::vector<std::string> parts = place.parts;
  Repository repository;
  if (kind == ForgeKind::bitbucket_server) {
    // /projects/KEY/repos/NAME of its pages, /scm/KEY/NAME.git of git's.
    if (parts.size() >= 4 && parts[0] == "projects" && parts[2] == "repos") {
      parts = {parts[1], parts[3]};
    } else if (parts.size() == 3 && parts[0] == "scm") {
      parts.erase(parts.begin());
    }
  }
  // Groups of GitLab lie in groups, and "-" ends them. Elsewhere there is one owner.
  std::size_t names = 2;
  if (kind == ForgeKind::gitlab) {
    names = static_cast<std::size_t>(std::find(parts.begin(), parts.end(), "-") - parts.begin());
  }
  if (names < 2 || parts.size() < names) return std::nullopt;
  std::size_t next = names + (kind == ForgeKind::gitlab ? 1 : 0);
  if (next + 1 < parts.size() && (parts[next] == "tree" || parts[next] == "src" ||
                                  parts[next] == "commit" || parts[next] == "commits")) {
    repository.ref = parts[next + 1];
  }
  parts.resize(names);
  if (parts.back().ends_with(".git")) parts.back().resize(parts.back().size() - 4);
  if (!std::all_of(parts.begin(), parts.end(), is_name)) return std::nullopt;
  repository.names = std::move(parts);
  return repository;
}

/// A reference as a path: its slashes stay.
std::string as_path(std::string_view ref) {
  std::string path;
  while (true) {
    const std::size_t slash = ref.find('/');
    path += provider::percent_encode(ref.substr(0, slash));
    if (slash == std::string_view::npos) return path;
    path += '/';
    ref.remove_prefix(slash + 1);
  }
}

std::string joined(const std::vector<std::string>& names, std::string_view between) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += between;
    text += name;
  }
  return text;
}

std::string github_url(const Forge& forge, const Repository& repository, bool with_token) {
  const std::string path = joined(repository.names, "/");
  if (!with_token) {
    const std::string ref = repository.ref.empty() ? "HEAD" : as_path(repository.ref);
    return forge.url() + "/" + path + "/archive/" + ref + ".tar.gz";
  }
  const bool is_own = forge.host == "github.com";
  const std::string api = is_own ? "https://api.github.com" : forge.url() + "/api/v3";
  const std::string ref = repository.ref.empty() ? "" : "/" + as_path(repository.ref);
  return api + "/repos/" + path + "/tarball" + ref;
}

std::string archive_url(const Forge& forge, const Repository& repository, bool with_token) {
  const std::string& ref = repository.ref;
  switch (forge.kind) {
    case ForgeKind::github:
      return github_url(forge, repository, with_token);
    case ForgeKind::gitlab:
      return forge.url() + "/api/v4/projects/" + joined(repository.names, "%2F") +
             "/repository/archive.tar.gz" +
             (ref.empty() ? "" : "?sha=" + provider::percent_encode(ref));
    case ForgeKind::bitbucket:
      return forge.url() + "/" + joined(repository.names, "/") + "/get/" +
             (ref.empty() ? "HEAD" : as_path(ref)) + ".tar.gz";
    case ForgeKind::bitbucket_server:
      return forge.url() + "/rest/api/latest/projects/" + repository.names.front() + "/repos/" +
             repository.names.back() + "/archive?format=tar.gz&prefix=repository/" +
             (ref.empty() ? "" : "&at=" + provider::percent_encode(ref));
  }
  return {};
}

Error unknown_host(const std::vector<Forge>& forges) {
  std::vector<std::string> hosts;
  for (const Forge& forge : forges) hosts.push_back(forge.host);
  return {ErrorCode::not_found, "This edge does not fetch repositories from this host.",
          hosts.empty() ? "Index a folder or an archive in its place."
                        : "It fetches from " + joined(hosts, ", ") +
                              "; its operator may add others to `forges`."};
}

}  // namespace

Result<ArchiveRequest> archive_request(const std::vector<Forge>& forges,
                                       const ArchiveQuery& query) {
  if (query.url.size() > url_bytes_most) return not_an_address();
  if (!is_ref(query.ref)) {
    return Error{ErrorCode::invalid_request, "This is not the name of a branch, tag or commit.",
                 "Leave it out for the default branch."};
  }
  if (!is_token(query.token)) {
    return Error{ErrorCode::invalid_request, "This is not an access token.",
                 "Copy it as the forge shows it, without blanks."};
  }
  const std::optional<Place> place = split(query.url);
  if (!place) return not_an_address();
  const auto forge = std::find_if(forges.begin(), forges.end(),
                                  [&](const Forge& known) { return known.host == place->host; });
  if (forge == forges.end()) return unknown_host(forges);
  std::optional<Repository> repository = repository_of(*place, forge->kind);
  if (!repository) return not_an_address();
  if (!query.ref.empty()) repository->ref = query.ref;
  if (!is_ref(repository->ref)) return not_an_address();

  ArchiveRequest archive;
  archive.forge = &*forge;
  archive.request.method = "GET";
  archive.request.url = archive_url(*forge, *repository, !query.token.empty());
  archive.request.headers.push_back({"Accept", "*/*"});
  archive.repository = forge->host + "/" + joined(repository->names, "/");
  archive.with_token = !query.token.empty();
  if (archive.with_token) {
    archive.request.headers.push_back({"Authorization", "Bearer " + query.token});
  }
  return archive;
}

}  // namespace weir::edge
