#include "weir/text/repository_name.hpp"

#include <algorithm>

#include "weir/text/ascii.hpp"

namespace weir::text {
namespace {

/// `owner/name` has no dot or port in its first part, and a host has, but for this machine's.
bool looks_like_host(std::string_view part) {
  return part.find_first_of(".:") != part.npos || part == "localhost";
}

std::string_view without_user(std::string_view authority) {
  const std::size_t at = authority.rfind('@');
  return at == authority.npos ? authority : authority.substr(at + 1);
}

/// Takes the host off the front of `text`, if there is one.
std::string_view take_host(std::string_view& text) {
  const std::size_t scheme = text.find("://");
  if (scheme != text.npos) text.remove_prefix(scheme + 3);
  const std::size_t slash = std::min(text.find('/'), text.size());
  std::string_view authority = text.substr(0, slash);
  const std::size_t at = authority.rfind('@');
  const std::size_t colon = authority.find(':', at == authority.npos ? 0 : at);
  const bool port = colon != authority.npos && colon + 1 < authority.size() &&
                    authority.find_first_not_of("0123456789", colon + 1) == authority.npos;
  if (scheme == text.npos && colon != authority.npos && !port) {
    // git@host:owner/name
    text.remove_prefix(colon + 1);
    return without_user(authority.substr(0, colon));
  }
  const std::string_view host = without_user(authority);
  if (scheme == text.npos && (slash == text.size() || !looks_like_host(host))) return {};
  text.remove_prefix(std::min(slash + 1, text.size()));
  return host;
}

bool same_or_untold(std::string_view a, std::string_view b) {
  return a.empty() || b.empty() || a == b;
}

/// Packs that do not tell their host may tell the last part of the owner alone.
std::string_view last_part(std::string_view owner) {
  return owner.substr(owner.rfind('/') + 1);
}

}  // namespace

std::string RepositoryName::whole() const {
  std::string text;
  for (const std::string* part : {&host, &owner, &name}) {
    if (part->empty()) continue;
    if (!text.empty()) text += '/';
    text += *part;
  }
  return text;
}

RepositoryName read_repository_name(std::string_view text) {
  text = text.substr(0, text.find_first_of("?#"));
  while (text.ends_with('/')) text.remove_suffix(1);
  if (text.ends_with(".git")) text.remove_suffix(4);
  const bool local = text.starts_with('/') || text.starts_with('.') || text.starts_with("file://");
  RepositoryName read;
  if (!local) read.host = take_host(text);
  const std::size_t slash = text.rfind('/');
  read.name = slash == text.npos ? text : text.substr(slash + 1);
  if (!local && slash != text.npos) {
    std::string_view owner = text.substr(0, slash);
    while (owner.starts_with('/')) owner.remove_prefix(1);
    read.owner = owner;
  }
  return read;
}

bool names_repository(std::string_view repo_url, std::string_view repository) {
  const RepositoryName wanted = read_repository_name(to_lower(repo_url));
  const RepositoryName known = read_repository_name(to_lower(repository));
  if (known.name.empty() || wanted.name != known.name) return false;
  if (!same_or_untold(wanted.host, known.host)) return false;
  const bool both_whole = !wanted.host.empty() && !known.host.empty();
  return both_whole ? wanted.owner == known.owner
                    : same_or_untold(last_part(wanted.owner), last_part(known.owner));
}

}  // namespace weir::text
