#pragma once

#include "weir/base/bytes.hpp"
#include "weir/tokens/encoding_name.hpp"

namespace weir::edge {

/// The encoding's vocabulary, a part of the program, for tokens::Encoding::load.
Bytes vocabulary(tokens::EncodingName encoding);

}  // namespace weir::edge
