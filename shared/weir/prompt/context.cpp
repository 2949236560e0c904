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

}  // namespace

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

std::string_view file_path(const ChatRequest& request) {
  std::string_view path = request.file_path;
  if (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

std::optional<Passage> first_lines(retrieval::SourceFile file, const limits::Request& limits) {
  if (file.text.size() > limits.file_bytes) {
    const std::size_t last = file.text.rfind('\n', limits.file_bytes - 1);
    if (last == std::string::npos) return std::nullopt;
    file.text.resize(last + 1);
    file.lines = static_cast<std::uint32_t>(std::count(file.text.begin(), file.text.end(), '\n'));
  }
  return Passage{std::move(file.path), 1, std::max(file.lines, 1U), std::move(file.text)};
}

Result<Context> find_context(const ChatRequest& request, const retrieval::Pack& pack,
                             const limits::Request& limits) {
  Result<std::vector<retrieval::Hit>> hits = retrieval::search_each(pack, queries_for(request));
  if (!hits) return hits.error();
  Context context;
  for (retrieval::Hit& hit : *hits) context.passages.push_back(std::move(hit.passage));
  context.file = find_file(request, pack, limits);
  return context;
}

std::optional<Passage> find_file(const ChatRequest& request, const retrieval::Pack& pack,
                                 const limits::Request& limits) {
  const std::string_view path = file_path(request);
  if (path.empty()) return std::nullopt;
  const auto index = pack.find_file(path);
  if (!index || !*index || **index == pack.file_count()) return std::nullopt;
  auto file = pack.file(**index);
  if (!file || !*file) return std::nullopt;
  return first_lines(**std::move(file), limits);
}

bool is_searched(std::string_view text, const tokens::Encoding& encoding,
                 const limits::Request& limits) {
  return is_surely_searched(text, limits) ||
         encoding.count(text) <= limits.searched_question_tokens;
}

bool is_surely_searched(std::string_view text, const limits::Request& limits) {
  return text.size() <= limits.searched_question_tokens;  // no token is less than a byte
}

}  // namespace weir::prompt
