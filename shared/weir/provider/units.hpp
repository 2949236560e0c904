#pragma once

#include <string>
#include <vector>

#include "weir/base/passage.hpp"

namespace weir::provider {

/// A part of a passage that says something by itself.
struct Unit {
  enum class Kind {
    prose,       ///< a paragraph, list item or table row of a document
    example,     ///< a code block of a document
    comment,     ///< what a comment says, with the code it stands before
    definition,  ///< code that begins with a definition
    code,
  };
  Kind kind = Kind::code;
  std::string heading;   ///< the document's heading it stands under
  std::string prose;     ///< without comment marks or list marks
  std::string code;      ///< as in the file, without common indentation
  std::string language;  ///< of `code`, for the highlighter
};

/// Divides a passage, in its order, by the conventions of its file's language.
std::vector<Unit> divide(const Passage& passage);

}  // namespace weir::provider
