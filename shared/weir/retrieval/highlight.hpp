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
struct Symbol {
  std::string name;
  bool asked_for = false;  ///< it has words of the question
};
Symbol find_symbol(std::string_view passage, FileForm form, const QueryTerms& terms);

/// The words of a passage and of its path that the question has, each once, in small letters, in
/// the order in which they stand; at most `most`.
std::vector<std::string> find_words(std::string_view passage, const std::vector<Match>& matches,
                                    std::string_view path, const QueryTerms& terms,
                                    std::size_t most);

}  // namespace weir::retrieval
