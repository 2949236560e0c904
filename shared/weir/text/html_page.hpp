#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::text {

/// Ends a block of a page within a line of its source (a line tabulation): whoever wants lines to
/// read takes it for a line feed, whoever counts the file's lines does not.
inline constexpr char soft_break = '\v';

/// What a reader sees of an HTML page (https://html.spec.whatwg.org/multipage/parsing.html, without
/// its tree): tags, comments, scripts, styles, controls and navigation are gone, character
/// references are decoded, title and headings are Markdown's (`## Title`), as are the terms of a
/// glossary that links lead to (`<dt id>`), list items begin with `- `, cells of a row are parted
/// by ` | `, and preformatted text keeps its blanks.
///
/// Line N of the text is made of the source's line N: every line feed stays, and no other is added;
/// of a heading over several lines all words stand in its first one. Where a block ends within a
/// line, soft_break stands.
///
/// Nothing where it is no page to be read: a text is one that begins, after comments, with
/// `<!doctype html` or `<html`, and of which what is to be read comes to at least 150 bytes, to a
/// two-hundredth of the file and to 60 bytes for each form control, where less than half is scripts
/// and there are no three marks of a template (`{{`, `{%`, `<%`, `<?php`) outside of its code. All
/// else is markup that somebody works on, and stays as it is.
///
/// Takes time in proportion to the page, whatever stands there; the text has at most three times
/// its bytes. `html` is UTF-8; so is the text.
std::optional<std::string> page_text(std::string_view html);

/// Such a text, or a part of it, to be read: a soft break is a line feed, and of blank lines that
/// follow one another, where markup stood, one is left.
std::string to_be_read(std::string_view text);

/// The same with the source's lines: a soft break is a blank.
std::string in_source_lines(std::string text);

}  // namespace weir::text
