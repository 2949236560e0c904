#pragma once

#include <string>
#include <string_view>

namespace weir::provider {

/// A text as one part of a URL's path: every byte but the unreserved ones (RFC 3986, 2.3) as %XX,
/// so that a model's name, which anyone may choose, stays a name. AWS signs paths in this form too.
std::string percent_encode(std::string_view text);

}  // namespace weir::provider
