#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "weir/base/result.hpp"
#include "weir/json/json.hpp"

namespace weir::edge {

/// A signed JSON Web Token taken apart (RFC 7519; RFC 7515, 7.1). Nothing in it is to be believed
/// before its signature was verified (KeySet::verify).
struct Jwt {
  std::string algorithm;
  std::string key_id;  ///< empty: it names none
  json::Value claims;  ///< an object
};

/// `unauthorized` for what is longer than `bytes_most`, is no token in the compact form, or asks
/// for an extension that has to be understood (`crit`). Errors quote nothing of the token.
Result<Jwt> read_jwt(std::string_view token, std::size_t bytes_most);

}  // namespace weir::edge
