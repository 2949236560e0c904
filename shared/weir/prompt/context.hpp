#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "weir/base/passage.hpp"
#include "weir/base/result.hpp"
#include "weir/prompt/request.hpp"
#include "weir/retrieval/pack.hpp"

namespace weir::prompt {

/// What a repository has for a question.
struct Context {
  std::vector<Passage> passages;  ///< best first
  /// The one that the request's filePath names, where the repository has it: its first lines, as
  /// many as limits::Request::file_bytes holds.
  std::optional<Passage> file;
};

/// Searches a pack for an ask that brought no passages: its question, under its filters, those of
/// the file that it is about first. Errors as of retrieval::search().
Result<Context> find_context(const ChatRequest& request, const retrieval::Pack& pack,
                             const limits::Request& limits = {});

/// Whether `repo_url` ("https://host/owner/name.git", "owner/name", "name") means the repository
/// that a pack calls `repository`. Letter case does not count; hosts and a missing owner do not
/// either.
bool names_repository(std::string_view repo_url, std::string_view repository);

}  // namespace weir::prompt
