#pragma once

#include <string_view>

#include "weir/json/json.hpp"

namespace weir::provider {

/// JSON as providers send it: where it does not parse, bytes that are no UTF-8 and escapes of
/// unpaired surrogates (models' tokens may end inside a character) become U+FFFD, and it is tried
/// once more.
Result<json::Value> parse_lenient(std::string_view text);

}  // namespace weir::provider
