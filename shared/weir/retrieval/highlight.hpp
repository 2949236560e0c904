#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/retrieval/file_form.hpp"
#include "weir/retrieval/query_terms.hpp"
#include "weir/retrieval/search.hpp"

namespace weir::retrieval {

/// Where a passage has the question's words. A compound that matches as a whole is one range.
std::vector<Match> find_matches(std::string_view passage, const QueryTerms& terms);

/// The name defined in a passage that the question is nearest to, else the first one; empty where
/// none is defined.
std::string find_symbol(std::string_view passage, FileForm form, const QueryTerms& terms);

}  // namespace weir::retrieval
