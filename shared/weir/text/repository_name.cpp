#include "weir/text/repository_name.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "weir/text/ascii.hpp"

namespace weir::text {
namespace {

/// Owner (may be empty) and name, in lower case.
std::pair<std::string, std::string> owner_and_name(std::string_view text) {
  text = text.substr(0, text.find_first_of("?#"));
  while (text.ends_with('/')) text.remove_suffix(1);
  if (text.ends_with(".git")) text.remove_suffix(4);
  if (const std::size_t scheme = text.find("://"); scheme != text.npos) {
    text.remove_prefix(scheme + 3);
  }
  std::string lowered = to_lower(text);
  std::replace(lowered.begin(), lowered.end(), ':', '/');  // git@host:owner/name
  const std::size_t slash = lowered.rfind('/');
  if (slash == lowered.npos) return {"", lowered};
  const std::size_t before = slash == 0 ? lowered.npos : lowered.rfind('/', slash - 1);
  const std::size_t owner = before == lowered.npos ? 0 : before + 1;
  return {lowered.substr(owner, slash - owner), lowered.substr(slash + 1)};
}

}  // namespace

bool names_repository(std::string_view repo_url, std::string_view repository) {
  const auto [wanted_owner, wanted_name] = owner_and_name(repo_url);
  const auto [owner, name] = owner_and_name(repository);
  if (name.empty() || wanted_name != name) return false;
  return owner.empty() || wanted_owner.empty() || owner == wanted_owner;
}

}  // namespace weir::text
