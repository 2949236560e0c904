#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::prompt {

/// A filter field that came as one string: parts between newlines or commas. deepwiki-open's pages
/// send it percent-encoded (encodeURIComponent) or plain; escapes are decoded where that gives
/// UTF-8, and otherwise the text is taken as it is.
std::vector<std::string> split_filter_list(std::string_view list);

/// Appends one part without the blanks around it, unless nothing is left.
void append_filter(std::vector<std::string>& out, std::string_view part);

}  // namespace weir::prompt
