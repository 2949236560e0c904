#pragma once

#include <string>
#include <string_view>

#include "http_io.hpp"

namespace weir::edge {

/// What follows "Bearer" in a request's Authorization header (RFC 6750, 2.1): a code or a token;
/// empty where there is none, or more than one.
std::string_view bearer_of(const Request& request);

/// The same, or else the code in the cookie that deepwiki-open's pages were given when they had
/// theirs validated: they send nothing of it themselves.
std::string bearer_or_cookie_of(const Request& request);

/// The Set-Cookie header's value that makes a browser send this code back. Scripts do not see it,
/// and other sites' pages cannot have it sent.
std::string code_cookie(std::string_view code);

}  // namespace weir::edge
