#include "weir/prompt/context.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "weir/retrieval/search_each.hpp"
#include "weir/text/ascii.hpp"

namespace weir::prompt {
namespace {

/// More passages than any prompt holds would only be counted and dropped.
constexpr std::size_t passages_most = 40;

/// deepwiki-open's filters name folders as "./src/" or "src"; both mean all that lies in them.
std::string folder_glob(std::string folder) {
  if (folder.starts_with("./")) folder.erase(0, 2);
  if (!folder.ends_with('/')) folder += '/';
  return folder;
}

std::vector<std::string> globs(const std::vector<std::string>& folders,
                               const std::vector<std::string>& files) {
  std::vector<std::string> result;
  for (const std::string& folder : folders) {
    if (!folder.empty()) result.push_back(folder_glob(folder));
  }
  for (const std::string& file : files) {
    if (!file.empty()) result.push_back(file);
  }
  return result;
}

/// Owner (may be empty) and name, in lower case.
std::pair<std::string, std::string> owner_and_name(std::string_view text) {
  text = text.substr(0, text.find_first_of("?#"));
  while (text.ends_with('/')) text.remove_suffix(1);
  if (text.ends_with(".git")) text.remove_suffix(4);
  if (const std::size_t scheme = text.find("://"); scheme != text.npos) {
    text.remove_prefix(scheme + 3);
  }
  std::string lowered = text::to_lower(text);
  std::replace(lowered.begin(), lowered.end(), ':', '/');  // git@host:owner/name
  const std::size_t slash = lowered.rfind('/');
  if (slash == lowered.npos) return {"", lowered};
  const std::size_t before = slash == 0 ? lowered.npos : lowered.rfind('/', slash - 1);
  const std::size_t owner = before == lowered.npos ? 0 : before + 1;
  return {lowered.substr(owner, slash - owner), lowered.substr(slash + 1)};
}

std::vector<retrieval::Query> queries_for(const ChatRequest& request) {
  retrieval::Query query;
  query.limit = passages_most;
  query.include = globs(request.included_dirs, request.included_files);
  query.exclude = globs(request.excluded_dirs, request.excluded_files);
  query.prefer_path = request.file_path;
  std::vector<retrieval::Query> queries;
  for (const std::string& text : request.searches()) {
    query.text = text.substr(0, limits::Pack{}.query_bytes);
    queries.push_back(query);
  }
  return queries;
}

std::optional<Passage> first_lines(const retrieval::Pack& pack, std::string_view path,
                                   std::size_t bytes_most) {
  if (path.starts_with("./")) path.remove_prefix(2);
  const auto index = path.empty() ? std::nullopt : pack.find_file(path);
  if (!index) return std::nullopt;
  const retrieval::FileEntry file = pack.file(*index);
  if (file.text.size() <= bytes_most) {
    return Passage{std::string(path), 1, std::max(file.lines, 1U), std::string(file.text)};
  }
  const std::size_t last = file.text.rfind('\n', bytes_most - 1);
  if (last == std::string_view::npos) return std::nullopt;
  const std::string_view text = file.text.substr(0, last + 1);
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
  return Passage{std::string(path), 1, lines, std::string(text)};
}

}  // namespace

Result<Context> find_context(const ChatRequest& request, const retrieval::Pack& pack,
                             const limits::Request& limits) {
  Result<std::vector<retrieval::Hit>> hits = find_hits(request, pack);
  if (!hits) return hits.error();
  Context context;
  for (retrieval::Hit& hit : *hits) context.passages.push_back(std::move(hit.passage));
  context.file = find_file(request, pack, limits);
  return context;
}

Result<std::vector<retrieval::Hit>> find_hits(const ChatRequest& request,
                                              const retrieval::Pack& pack) {
  return retrieval::search_each(pack, queries_for(request));
}

std::optional<Passage> find_file(const ChatRequest& request, const retrieval::Pack& pack,
                                 const limits::Request& limits) {
  return first_lines(pack, request.file_path, limits.file_bytes);
}

bool is_searched(std::string_view text, const tokens::Encoding& encoding,
                 const limits::Request& limits) {
  return is_surely_searched(text, limits) ||
         encoding.count(text) <= limits.searched_question_tokens;
}

bool is_surely_searched(std::string_view text, const limits::Request& limits) {
  return text.size() <= limits.searched_question_tokens;  // no token is less than a byte
}

bool names_repository(std::string_view repo_url, std::string_view repository) {
  const auto [wanted_owner, wanted_name] = owner_and_name(repo_url);
  const auto [owner, name] = owner_and_name(repository);
  if (name.empty() || wanted_name != name) return false;
  return owner.empty() || wanted_owner.empty() || owner == wanted_owner;
}

}  // namespace weir::prompt
