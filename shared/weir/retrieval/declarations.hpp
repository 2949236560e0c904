#pragma once

#include <string_view>
#include <vector>

#include "weir/retrieval/file_form.hpp"

namespace weir::retrieval {

/// What one line of code declares, told from its look alone: no language is parsed, many are met.
struct Declaration {
  std::string_view name;  ///< empty where none is declared; may be qualified (`Pack::open`)
  bool opens = false;  ///< begins a function, class or the like: a good place for a chunk to begin
};

Declaration declaration(std::string_view line);

/// The names that a text defines and the headings that it has, as views into it.
std::vector<std::string_view> defined_names(std::string_view text, FileForm form);

}  // namespace weir::retrieval
