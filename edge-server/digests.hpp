#pragma once

#include "weir/provider/provider.hpp"

namespace weir::edge {

/// SHA-256 and its HMAC, by OpenSSL.
const provider::Digests& digests();

}  // namespace weir::edge
