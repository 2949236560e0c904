#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "weir/retrieval/file_form.hpp"

namespace weir::retrieval {

/// A piece of a file, small enough to be read in a prompt and large enough to make sense.
struct Chunk {
  std::size_t begin = 0;  ///< byte offsets in the file's text
  std::size_t end = 0;
  std::uint32_t start_line = 0;  ///< from 1
  std::uint32_t end_line = 0;    ///< included
};

/// Splits a text into chunks of about 1,400 characters that begin where a reader would begin: at
/// declarations and headings, after blank lines, at little indentation. Lines stay whole, except
/// for monsters of more than 8,800 characters, and for those of pages, which may be parted at soft
/// breaks (text/html_page.hpp). Blank lines at a chunk's ends belong to no chunk.
/// Where asked for, `names` gets what the lines of code declare (declarations.hpp), as views into
/// the text, in its order: splitting looks at that anyway.
std::vector<Chunk> split_chunks(std::string_view text, FileForm form,
                                std::vector<std::string_view>* names = nullptr);

}  // namespace weir::retrieval
