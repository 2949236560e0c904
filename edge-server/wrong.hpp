#pragma once

#include <string>
#include <string_view>

#include "weir/base/error.hpp"

namespace weir::edge {

/// What an operator has set is not what it must be: "server.drain must be a number of seconds".
inline Error wrong(std::string_view where, std::string_view expected) {
  return {ErrorCode::invalid_request,
          std::string(where) + " must be " + std::string(expected) + ".", ""};
}

}  // namespace weir::edge
