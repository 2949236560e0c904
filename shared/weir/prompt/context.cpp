#include "weir/prompt/context.hpp"

#include <algorithm>
#include <string>
#include <utility>

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

ContextSearch::ContextSearch(const ChatRequest& request,
                             const std::vector<retrieval::Query>& queries,
                             const retrieval::Pack& pack, const limits::Request& limits)
    : request_(request),
      pack_(pack),
      limits_(limits),
      search_({&pack}, retrieval::WordTable::built_in(), queries) {}

Result<bool> ContextSearch::run() {
  const Result<bool> searched = search_.run();
  return searched && *searched ? find_file() : searched;
}

/// True: it is there, or the pack has none.
Result<bool> ContextSearch::find_file() {
  const std::string_view path = file_path(request_);
  if (path.empty()) return true;
  const auto index = pack_.find_file(path);
  if (!index) return index.error();
  if (!*index) return false;
  if (**index == pack_.file_count()) return true;
  auto file = pack_.file(**index);
  if (!file) return file.error();
  if (!*file) return false;
  file_ = first_lines(**std::move(file), limits_);
  return true;
}

Context ContextSearch::take() && {
  Context context;
  for (retrieval::Hit& hit : std::move(search_).take_hits()) {
    context.passages.push_back(std::move(hit.passage));
  }
  context.file = std::move(file_);
  return context;
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
