#pragma once

#include <string_view>
#include <vector>

#include "weir/base/error.hpp"
#include "weir/provider/provider.hpp"

namespace weir::edge {

/// What a forge's answer other than an archive means for the reader. `with_token`: one was sent.
Error archive_refusal(int status, const std::vector<provider::Header>& headers, bool with_token);

/// A response's field, by its name in small letters; empty where there is none.
std::string_view header_value(const std::vector<provider::Header>& headers, std::string_view name);

}  // namespace weir::edge
