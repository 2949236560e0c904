#pragma once

#include <vector>

#include "weir/retrieval/search.hpp"

namespace weir::retrieval {

/// The passages that answer several queries of one question as one list: the best of each query,
/// then the second of each, and so on, every passage once. As many as the first query asks for.
/// Fails where one of the searches does.
Result<std::vector<Hit>> search_each(const Pack& pack, const std::vector<Query>& queries,
                                     const limits::Pack& limits = {});

}  // namespace weir::retrieval
