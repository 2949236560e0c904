#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::retrieval {

/// How a file is written, told from its name: where its headings and its declarations stand.
enum class FileForm : std::uint8_t { code, markdown, asciidoc, restructured, html, plain };

FileForm form_of(std::string_view path);
inline bool is_prose(FileForm form) {
  return form != FileForm::code;
}

/// Hundredths that a file's score is multiplied by: changelogs and vendored code answer fewer
/// questions than their many words suggest. Tests are as good as any code.
std::uint32_t prior_of(std::string_view path);

/// The last part of a path, and that without its extension.
std::string_view file_name(std::string_view path);
std::string_view file_stem(std::string_view path);

/// What files that belong together share: the name up to its first dot, in small letters, without
/// what marks a test or a part (`parse_url` of `src/parse_url.hpp` and `tests/test_parse_url.py`).
std::string family_name(std::string_view path);

/// The heading that this line is; empty where it is none. `next` is the line below it (headings of
/// reStructuredText and some of Markdown are underlined). `level` counts from 1.
struct Heading {
  std::string_view text;
  int level = 1;
};
Heading heading(FileForm form, std::string_view line, std::string_view next);

}  // namespace weir::retrieval
