#pragma once

#include <string>
#include <string_view>

/// Writing of hostile text as Markdown (CommonMark): it keeps its words and nothing else.
namespace weir::provider::markdown {

/// Running text on one line. Links, emphasis and HTML of the source lose their meaning; code spans
/// stay.
std::string prose(std::string_view text);

/// A code span, whatever backticks the text holds.
std::string code_span(std::string_view text);

/// A fenced block that the text cannot close. `language` may be empty.
std::string code_block(std::string_view text, std::string_view language);

/// The highlighter's name for a file's language, by its extension; empty for an unknown one.
std::string_view language_of(std::string_view path);

}  // namespace weir::provider::markdown
