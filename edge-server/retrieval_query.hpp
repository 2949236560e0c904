#pragma once

#include <string_view>

#include "weir/prompt/request.hpp"
#include "weir/retrieval/search.hpp"

namespace weir::edge {

/// The search for an ask that brought no passages: its question, under its filters.
retrieval::Query query_for(const prompt::ChatRequest& request);

/// Whether `repo_url` ("https://host/owner/name.git", "owner/name", "name") means the repository
/// that a pack calls `repository`. Letter case does not count; hosts and a missing owner do not
/// either.
bool names_repository(std::string_view repo_url, std::string_view repository);

}  // namespace weir::edge
